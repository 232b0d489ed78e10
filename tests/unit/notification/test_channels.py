"""Every channel has a carrier and a name that people read, and settings name only channels that exist."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.notification.config import NotificationSettings
from services.notification.domain.channels.registry import ALWAYS_ON, CHANNELS
from services.notification.outbound.carriers import CARRIERS, CarrierParts, build_carriers
from tests.builders.sinks import taking

MASTER_KEY = "A" * 43 + "="


def settings(**changes: object) -> NotificationSettings:
    required = {
        "database_url": "postgresql://",
        "keyring_url": "postgresql://",
        "kafka": "",
        "master_key": MASTER_KEY,
        "service": "notification",
        "templates": Path(),
    }
    return NotificationSettings.model_validate({**required, **changes})


def test_each_channel_has_a_carrier_that_names_it() -> None:
    assert set(CARRIERS) == set(CHANNELS)
    parts = CarrierParts(settings(channels=tuple(CHANNELS)), on_receipt=taking([]), dialect=lambda: None)
    carriers = build_carriers(parts)
    assert [carrier.channel for carrier in carriers] == list(CHANNELS)


def test_a_service_that_is_told_nothing_sends_texts_and_letters() -> None:
    assert settings().channels == ALWAYS_ON == ("sms", "email")


def test_channels_are_written_with_commas() -> None:
    assert settings(channels=" email , sms").channels == ("email", "sms")


@pytest.mark.parametrize("channels", ["", "sms,fax", "sms,sms"])
def test_a_channel_that_does_not_exist_is_refused_with_those_that_do(channels: str) -> None:
    with pytest.raises(ValidationError, match="MOTCUA_CHANNELS takes sms, email"):
        settings(channels=channels)


def test_a_channel_for_trials_is_refused_where_pages_are_served_to_the_city() -> None:
    local = settings(channels="sms,console", notification_url="http://127.0.0.1:8003")
    assert local.channels == ("sms", "console")
    with pytest.raises(ValidationError, match="MOTCUA_CHANNELS: console shows what citizens read"):
        settings(channels="sms,console", notification_url="https://mc.example.vn")
