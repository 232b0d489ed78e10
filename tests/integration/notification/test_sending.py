"""Sent once, or ambiguous for a person to look at; never twice in silence."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

import asyncpg
import pytest

from deploy.demo.sinks.phones import Answer
from services.notification.domain.message import MessageState, MessageStatus, Outcome, status_after_receipt
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.store import messages
from services.notification.store.leases import LOCK_CLASS, SenderLease
from services.notification.usecases.dump_world import dump_rows
from services.notification.usecases.send_due import mark_abandoned_ambiguous, save_statuses, send_due
from shared.db.transaction import Tx, transaction
from shared.events.contacts import Contact
from shared.security.audit_chain import verify
from tests.builders.notification import DUE, Office, dossiers
from tests.builders.sending import QuickCarrier, kept_problems, planned, record_all, states
from tests.builders.sinks import mail_line, text_line
from tests.builders.statements import statements
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration


async def test_a_text_goes_out_and_its_receipt_makes_it_delivered(office: Office, lease: SenderLease) -> None:
    (told,) = await planned(office)
    async with text_line() as line:
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 1
        (text,) = line.shelf.all()
        assert text.to == "+84900000001"
        assert text.text.startswith(f"Ho so {told.code} da nop")
        assert text.text.endswith("hcc.example.vn/t/7K2M9QXA")
        assert await states(office, "sms") == ["sent"]
        await until(lambda: _true(len(line.receipts) == 1))
        assert await record_all(office, line.receipts) == 1
    assert await states(office, "sms") == ["delivered"]
    assert await kept_problems(office) == []


async def test_a_letter_goes_out_in_both_shapes(office: Office, lease: SenderLease) -> None:
    (told,) = await planned(office)
    async with mail_line() as line:
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 1
        (letter,) = line.shelf.all()
    assert letter.subject == f"Đã nhận hồ sơ {told.code}: đang chờ kiểm tra"
    assert letter.text.startswith("Đã nhận hồ sơ của bạn")
    assert "Đã nhận hồ sơ của bạn" in str(letter.html)
    assert await states(office, "email") == ["sent"]


async def test_marks_and_long_texts_travel_whole(office: Office, lease: SenderLease) -> None:
    (told,) = await planned(office, contact=Contact("+84900000002", None, text="full"))
    async with text_line() as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        (text,) = line.shelf.all()
    assert text.text.startswith(f"Hồ sơ {told.code} đã nộp, đang đợi kiểm tra")
    assert (text.encoding, text.segments) == ("ucs2", 2)


async def test_a_hundred_and_fifty_texts_go_through_one_window_once_each(
    office: Office, lease: SenderLease
) -> None:
    told = await planned(office, 150, numbered=True)
    async with text_line() as line:
        while await send_due(office.pool, office.keyring, line.carrier, lease.number):
            pass
        codes = [text.text.split()[2] for text in line.shelf.all()]
    assert sorted(codes) == sorted(each.code for each in told)


async def test_a_refusal_is_failed_with_its_reason_and_not_tried_again(
    office: Office, lease: SenderLease
) -> None:
    await planned(office)
    async with text_line(lambda _: Answer(refuse=0x0B)) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 0
    assert await office.pool.fetchval("SELECT reason FROM messages WHERE channel = 'sms'") == "smpp_0xb"
    assert await states(office, "sms") == ["failed"]


@pytest.mark.parametrize(("answer", "state"), [("550 no such box", "failed"), ("452 full", "planned")])
async def test_a_mailbox_that_does_not_exist_fails_and_a_full_one_waits(
    office: Office, lease: SenderLease, answer: str, state: str
) -> None:
    await planned(office)
    async with mail_line(lambda _: answer) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 0
    assert await states(office, "email") == [state]


async def test_a_letter_after_a_refused_one_still_goes(office: Office, lease: SenderLease) -> None:
    told = await planned(office, 3)
    keys = await office.keyring.find_keys([told[1].subject])
    assert keys
    refused = iter(["250 OK", "550 no", "250 OK"])
    async with mail_line(lambda _: next(refused)) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        assert len(line.shelf.all()) == 2
    assert sorted(await states(office, "email")) == ["failed", "sent", "sent"]


async def test_while_the_carrier_is_away_nothing_is_taken_for_sending(
    office: Office, lease: SenderLease
) -> None:
    await planned(office)
    async with text_line() as line:
        await line.phones.stop()
        carrier = line.carrier
    assert await send_due(office.pool, office.keyring, carrier, lease.number) == 0
    assert await states(office, "sms") == ["planned"]


async def test_a_frozen_text_centre_leaves_the_text_ambiguous(office: Office, lease: SenderLease) -> None:
    await planned(office)
    async with text_line(_never, seconds=0.3) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
    assert await states(office, "sms") == ["ambiguous"]


@dataclass
class DyingCarrier:
    """Takes the letters, hands them over, and the process dies before the answer."""

    channel: str = "sms"
    batch: int = 10
    handed_over: list[OutgoingMessage] = field(default_factory=list)

    async def ensure_connected(self) -> bool:
        """Always."""
        return True

    async def close(self) -> None:
        """Nothing to close."""

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Hand over, and die."""
        self.handed_over += messages
        raise KeyboardInterrupt


async def test_what_a_dead_sender_left_in_the_air_is_ambiguous_and_never_sent_again(
    office: Office, database: Database, lease: SenderLease
) -> None:
    await planned(office)
    dead = SenderLease(database.url("notification"))
    await dead.acquire()
    carrier = DyingCarrier()
    with pytest.raises(KeyboardInterrupt):
        await send_due(office.pool, office.keyring, carrier, dead.number)
    assert (
        await mark_abandoned_ambiguous(office.pool, LOCK_CLASS) == 0
    )  # its lease is still held: it may yet answer
    await dead.release()
    assert await mark_abandoned_ambiguous(office.pool, LOCK_CLASS) == 1
    assert await states(office, "sms") == ["ambiguous"]
    async with text_line() as line:
        assert await send_due(office.pool, office.keyring, line.carrier, lease.number) == 0
        assert line.shelf.all() == []


async def test_two_senders_at_once_never_take_the_same_message(office: Office, database: Database) -> None:
    await planned(office, 60, Contact("+84900000004", None))
    carriers = [QuickCarrier(batch=7), QuickCarrier(batch=11)]
    leases = [SenderLease(database.url("notification")) for _ in carriers]
    for each in leases:
        await each.acquire()
    taken = [1]
    while any(taken):
        taken = await asyncio.gather(
            *(
                send_due(office.pool, office.keyring, carrier, held.number)
                for carrier, held in zip(carriers, leases, strict=True)
            )
        )
    for each in leases:
        await each.release()
    sent = [message.id for carrier in carriers for message in carrier.sent]
    assert len(sent) == len(set(sent)) == 60


async def test_of_a_frozen_text_centre_no_more_than_a_window_is_in_doubt(
    office: Office, lease: SenderLease
) -> None:
    await planned(office, 25, numbered=True)
    async with text_line(_never, seconds=0.3) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
    assert Counter(await states(office, "sms")) == {"ambiguous": 10, "planned": 15}


async def test_every_step_is_audited_and_told_to_the_other_services(
    office: Office, lease: SenderLease
) -> None:
    await planned(office)
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number)
    acts = await office.pool.fetch("SELECT act FROM audit_lines ORDER BY n")
    assert [row["act"] for row in acts] == ["message.planned", "message.planned", "message.sent"]
    assert (await verify(await _connection(office))).is_intact
    assert await office.pool.fetchval("SELECT count(*) FROM outbox WHERE topic = 'notification.results'") == 3


async def test_the_dump_shows_what_was_said_without_ids_or_references(
    office: Office, lease: SenderLease
) -> None:
    (told,) = await planned(office)
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number)
    email, sms = await dump_rows(await _connection(office), office.keyring)
    assert (sms["code"], sms["state"], sms["sent_at"]) == (told.code, "sent", "2026-03-06T09:00:00+07:00")
    assert sms["text"].endswith("hcc.example.vn/t/<ref>")
    assert email["subject"].startswith("Đã nhận hồ sơ")


async def _recording_cost(office: Office, lease: SenderLease, count: int) -> int:
    await planned(office, count, Contact("+84900000005", None))
    async with transaction(office.pool) as tx:
        taken = await messages.claim_due(tx, "sms", lease.number, 500)
    half = count // 2
    standings = {m.id: MessageStatus(MessageState.SENT, carrier_ref=str(m.id)) for m in taken}
    standings |= {m.id: status_after_receipt(standings[m.id], "delivered") for m in taken[:half]}
    async with transaction(office.pool) as tx:
        with statements(tx) as seen:
            await save_statuses(tx, taken, standings)
    assert len(taken) == count
    return len(seen)


async def test_recording_costs_the_same_statements_for_one_and_for_five_hundred(
    office: Office, lease: SenderLease
) -> None:
    assert await _recording_cost(office, lease, 1) == await _recording_cost(office, lease, 500)


def _never(_: str) -> Answer:
    return Answer(hold=True)


async def _true(fact: bool) -> bool:
    return fact


async def _connection(office: Office) -> Tx:
    return cast(Tx, await office.pool.acquire())


async def test_what_was_said_first_is_sent_first(office: Office, lease: SenderLease) -> None:
    (told,) = dossiers(1)
    await office.meet([told], Contact("+84900000006", None))
    await office.hear(told.opened(), told.accepted(), told.completed())
    await office.write()
    async with text_line() as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)
        said = [text.text.split(told.code)[1] for text in line.shelf.all()]
    assert [text[1:7] for text in said] == ["da nop", "duoc t", "da co "]


async def test_a_batch_whose_taking_was_committed_but_not_confirmed_is_sent_once_and_not_doubted(
    office: Office, lease: SenderLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    await planned(office)
    cut = [True]

    @asynccontextmanager
    async def cut_after_its_commit(pool: asyncpg.Pool) -> AsyncIterator[Tx]:
        async with transaction(pool) as tx:
            yield tx
        if cut.pop() if cut else False:
            raise ConnectionResetError("the line broke before the answer")

    monkeypatch.setattr("services.notification.usecases.send_due.transaction", cut_after_its_commit)
    carrier = QuickCarrier()
    with pytest.raises(ConnectionResetError):
        await send_due(office.pool, office.keyring, carrier, lease.number)
    assert (carrier.sent, await states(office, "sms")) == ([], ["planned"])

    assert await send_due(office.pool, office.keyring, carrier, lease.number) == 1
    assert await states(office, "sms") == ["sent"]


async def test_those_who_take_a_lost_lease_again_at_once_do_not_lock_each_other_out(
    database: Database,
) -> None:
    held = SenderLease(database.url("notification"))
    await asyncio.wait_for(asyncio.gather(*(held.acquire() for _ in range(4))), 5)
    await held.release()


@pytest.mark.parametrize(
    ("late", "state"),
    [(timedelta(0), "sent"), (timedelta(seconds=1), "suppressed")],
    ids=["just", "too late"],
)
async def test_a_request_never_leaves_once_the_time_to_answer_is_over(
    office: Office, lease: SenderLease, database: Database, late: timedelta, state: str
) -> None:
    (told,) = dossiers(1)
    await office.meet([told], Contact("+84900000001", None))
    await office.hear(told.supplement_requested("Giấy A"))
    while await office.write():
        pass
    await database.set_clock(DUE + late)
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number)
    assert await states(office, "sms") == [state]
