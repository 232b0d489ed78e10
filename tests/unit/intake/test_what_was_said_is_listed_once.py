"""The page lists what a person was told, not how many envelopes it took."""

from datetime import datetime, timedelta
from uuid import uuid4

from services.intake.inbound.pages.tracking_view import group_notices
from services.intake.store.views import MessageView
from shared.clock import CITY_TZ

MORNING = datetime(2026, 3, 6, 9, tzinfo=CITY_TZ)


def _notice(template: str, channel: str, *, minutes: int = 0) -> MessageView:
    at = MORNING + timedelta(minutes=minutes)
    return MessageView(uuid4(), str(uuid4()), template, channel, "delivered", None, at=at, first_at=at)


def _listed(*notices: MessageView) -> list[list[str]]:
    return [[f"{one.template} by {one.channel}" for one in group] for group in group_notices(notices)]


def test_a_text_and_an_email_of_one_fact_are_one_line() -> None:
    assert _listed(_notice("submitted", "sms"), _notice("submitted", "email", minutes=2)) == [
        ["submitted by sms", "submitted by email"]
    ]


def test_another_fact_of_the_same_moment_is_another_line() -> None:
    said = (_notice("submitted", "sms"), _notice("accepted", "sms"), _notice("submitted", "email"))
    assert _listed(*said) == [["submitted by sms", "submitted by email"], ["accepted by sms"]]


def test_a_second_reminder_is_a_line_of_its_own() -> None:
    two_days = 2 * 24 * 60
    said = (
        _notice("reminder", "sms"),
        _notice("reminder", "email"),
        _notice("reminder", "sms", minutes=two_days),
        _notice("reminder", "email", minutes=two_days),
    )
    assert _listed(*said) == [["reminder by sms", "reminder by email"]] * 2


def test_the_same_way_twice_is_never_hidden() -> None:
    assert len(_listed(_notice("supplement", "sms"), _notice("supplement", "sms", minutes=1))) == 2
