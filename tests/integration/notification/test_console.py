"""With the console channel switched on, every text also stands in the log; what it hides stays hidden."""

from dataclasses import replace

import pytest
import structlog

from services.notification.outbound.console import ConsoleCarrier
from services.notification.store.leases import SenderLease
from services.notification.usecases.send_due import send_due
from shared.events.contacts import Contact
from shared.observability.redaction import redact_line
from tests.builders.notification import Office
from tests.builders.sending import planned, states

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("contact", [Contact("+84900000001", None), Contact(None, None, text="voice")])
async def test_a_text_is_written_to_the_log_once(
    office: Office, lease: SenderLease, contact: Contact
) -> None:
    office.desk = replace(office.desk, channels=("console",))
    (dossier,) = await planned(office, contact=contact)
    with structlog.testing.capture_logs(processors=[redact_line]) as lines:
        assert await send_due(office.pool, office.keyring, ConsoleCarrier(), lease.number) == 1
        assert await send_due(office.pool, office.keyring, ConsoleCarrier(), lease.number) == 0
    (line,) = [line for line in lines if line["event"] == "message.written"]
    assert line["content"].startswith(f"Ho so {dossier.code} da nop")
    assert "900000001" not in str(line)
    assert await states(office, "console") == ["sent"]


async def test_a_service_that_is_told_nothing_writes_no_text_to_the_log(office: Office) -> None:
    await planned(office)
    assert {channel for _, channel, _ in await office.states()} == {"sms", "email"}
