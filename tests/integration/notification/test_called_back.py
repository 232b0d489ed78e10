"""Still needed? What a later update has made untrue while it waited is never sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from services.notification.domain.message import Outcome, SendDeferred
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.store.leases import SenderLease
from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.send_due import send_due
from shared.db.transaction import transaction
from shared.events.contacts import Contact
from shared.events.envelope import Event
from tests.builders.notification import CaseEvents, Office, batch, dossiers
from tests.builders.sinks import text_line
from tests.builders.statements import statements

pytestmark = pytest.mark.integration

PAPER = "Giấy chứng nhận bản gốc"
BY_PHONE = Contact("+84900000001", None)
ENDS: dict[str, Callable[[CaseEvents], Event]] = {
    "answered": CaseEvents.answered,
    "stopped": lambda told: told.stopped("withdrawn"),
    "withdrawal asked": CaseEvents.withdrawing,
}


async def fate(office: Office) -> list[tuple[str, str, str | None]]:
    """Template, state and reason of every message."""
    rows = await office.pool.fetch("SELECT template, state, reason FROM messages ORDER BY position")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
async def test_a_reminder_planned_while_the_gateway_was_away_is_not_sent_once_it_is_untrue(
    office: Office, lease: SenderLease, ends: Callable[[CaseEvents], Event]
) -> None:
    (told,) = dossiers(1)
    await office.meet([told], BY_PHONE)
    async with text_line() as line:
        await line.phones.stop()
        await office.hear(told.reminded())
        await office.write()
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 0
        await office.hear(ends(told))
        await line.phones.start()
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 0
        assert line.shelf.all() == []
    assert await fate(office) == [("reminder", "suppressed", "no_longer_true")]
    assert await _acts(office) == ["message.planned", "message.suppressed"]
    assert await office.pool.fetchval("SELECT count(*) FROM outbox WHERE topic = 'notification.results'") == 2


async def test_what_is_still_true_is_sent_when_the_gateway_is_back(
    office: Office, lease: SenderLease
) -> None:
    told, other = dossiers(2)
    await office.meet([told, other], BY_PHONE)
    await office.hear(told.supplement_requested(PAPER), told.reminded(), other.supplement_requested(PAPER))
    await office.write()
    await office.hear(told.reminded(), other.answered())
    async with text_line() as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        assert [text.text.split()[0] for text in line.shelf.all()] == ["Ho", "Nhac"]
    assert [state for _, state, _ in await fate(office)] == ["sent", "sent", "suppressed"]


async def test_papers_asked_for_stay_owed_while_a_withdrawal_is_undecided(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told], BY_PHONE)
    await office.hear(told.supplement_requested(PAPER))
    await office.write()
    await office.hear(told.withdrawing())
    await office.write()
    assert [tuple(each[:2]) for each in await fate(office)] == [
        ("supplement", "planned"),
        ("withdrawal", "planned"),
    ]


async def test_what_an_update_of_the_same_batch_made_untrue_is_never_written(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.supplement_requested(PAPER), told.answered())
    assert await office.write() == 0
    assert await office.pool.fetchval("SELECT silence FROM notices") == "no_longer_true"
    signed = await office.pool.fetchval("SELECT facts FROM audit_lines WHERE act = 'message.silent'")
    assert signed["reason"] == "no_longer_true"


async def test_the_persons_own_turn_is_over_once_their_step_is_done(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told], BY_PHONE)
    await office.hear(told.turn_came())
    await office.write()
    await office.hear(told.started())
    assert await fate(office) == [("your_turn", "suppressed", "no_longer_true")]


async def test_a_result_is_told_whatever_comes_after_it(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told], BY_PHONE)
    await office.hear(told.completed(), told.answered())
    await office.write()
    assert await fate(office) == [("completed", "planned", None)]


@dataclass
class BusyCentre:
    """Says "later" to everything; `meanwhile` happens while the texts are in the air."""

    office: Office
    meanwhile: Event
    channel: str = "sms"
    batch: int = 10
    asked: list[OutgoingMessage] = field(default_factory=list)

    async def ensure_connected(self) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Nothing to close."""

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Not now."""
        self.asked += messages
        await self.office.hear(self.meanwhile)
        return [SendDeferred("queue_full") for _ in messages]


async def test_a_text_that_became_untrue_in_the_air_and_was_put_off_is_not_tried_again(
    office: Office, lease: SenderLease
) -> None:
    (told,) = dossiers(1)
    await office.meet([told], BY_PHONE)
    await office.hear(told.reminded())
    await office.write()
    centre = BusyCentre(office, told.answered())
    await send_due(office.pool, office.keyring, centre, lease.number)
    await office.pool.execute("UPDATE messages SET retry_at = clock_timestamp()")
    await send_due(office.pool, office.keyring, centre, lease.number)
    assert len(centre.asked) == 1
    assert await fate(office) == [("reminder", "suppressed", "no_longer_true")]


async def _cost(office: Office, told: Sequence[CaseEvents]) -> int:
    await office.meet(told, BY_PHONE)
    await office.hear(*(each.reminded() for each in told))
    while await office.write():
        pass
    async with transaction(office.pool) as tx:
        await office.words.current(tx)
        with statements(tx) as seen:
            await plan_messages(tx, batch([each.answered() for each in told]), template_cache=office.words)
        return len(seen)


async def test_calling_back_costs_the_same_statements_for_one_and_for_five_hundred(office: Office) -> None:
    assert await _cost(office, dossiers(1)) == await _cost(office, dossiers(500))


async def _acts(office: Office) -> list[str]:
    return [row["act"] for row in await office.pool.fetch("SELECT act FROM audit_lines ORDER BY n")]
