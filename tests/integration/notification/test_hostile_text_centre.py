"""A text centre may send what it likes: no receipt is lost, none stops another, none is believed too much."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.outbound.smpp import SmppCarrier, SmscSettings
from services.notification.store.leases import SenderLease
from services.notification.usecases.dialect_cache import DialectCache
from services.notification.usecases.receipt_health import receipt_complaint
from shared.events.contacts import Contact
from tests.builders.hostile_smsc import (
    HOST,
    MESSAGE_ID_TLV,
    STATE_TLV,
    HostileCentre,
    Link,
    OnSubmit,
    by_text,
    by_tlv,
    hostile_centre,
    tlv,
)
from tests.builders.notification import Office
from tests.builders.sending import kept_problems, planned, states
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration
PHONE = Contact("+84900000001", None)
DELIVERED = 2


@asynccontextmanager
async def working(
    office: Office, database: Database, port: int, carrier: str = "standard"
) -> AsyncIterator[DeliveryWorker]:
    """Notification's own loops with their SMPP client, bound to this port."""
    receipts, dialects = ReceiptIntake(carrier), DialectCache(carrier)
    centre = SmscSettings(HOST, port, "motcua", "secret", timeout_seconds=2.0)
    client = SmppCarrier(centre, receipts.add, lambda: dialects.current)
    worker = DeliveryWorker(
        office.pool,
        office.desk,
        [client],
        lease=SenderLease(database.url("notification")),
        receipts=receipts,
        dialects=dialects,
    )
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def sent_through(
    office: Office, database: Database, on_submit: OnSubmit, *, texts: int = 1, expected: dict[str, int]
) -> HostileCentre:
    """Send so many texts through this centre, until their states are these."""
    await planned(office, texts, PHONE, numbered=True)
    async with hostile_centre(on_submit) as centre, working(office, database, centre.port):
        await until(lambda: have_states(office, expected))
        await until(lambda: nothing_new(office))
    return centre


async def have_states(office: Office, expected: dict[str, int]) -> bool:
    found = await states(office, "sms")
    return {state: found.count(state) for state in set(found)} == expected


async def nothing_new(office: Office) -> bool:
    return not await office.pool.fetchval("SELECT EXISTS (SELECT FROM delivery_receipts WHERE state = 'new')")


async def is_kept(office: Office, *problems: str) -> bool:
    return await kept_problems(office) == list(problems)


BAD_RECEIPTS = {
    "NUL within the message id": (b"", tlv(MESSAGE_ID_TLV, b"r0\0\0x") + tlv(STATE_TLV, b"\2")),
    "message id not ASCII": (b"", tlv(MESSAGE_ID_TLV, b"r\xff\xfe\0") + tlv(STATE_TLV, b"\2")),
    "empty message id": (b"", tlv(MESSAGE_ID_TLV, b"\0") + tlv(STATE_TLV, b"\2")),
    "no message id at all": (b"stat:DELIVRD", b""),
    "state of two octets": (b"", tlv(MESSAGE_ID_TLV, b"r0\0") + tlv(STATE_TLV, b"\2\2")),
    "state that nobody knows": (b"", tlv(MESSAGE_ID_TLV, b"r0\0") + tlv(STATE_TLV, b"\x2a")),
    "word that nobody knows": (by_text("r0", "DELIVRDX"), b""),
    "two states that differ": (by_text("r0", "UNDELIV"), by_tlv(b"r0", DELIVERED)),
    "no state": (b"id:r0 sub:001", b""),
    "empty": (b"", b""),
    "a thousand octets of noise": (bytes(range(250)), tlv(0x1400, bytes(range(256)) * 4)),
}


@pytest.mark.parametrize("bad", BAD_RECEIPTS)
async def test_a_receipt_that_cannot_be_used_is_kept_and_stops_nothing(
    office: Office, database: Database, bad: str
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, f"r{nth}")
        if nth == 0:
            link.deliver(*BAD_RECEIPTS[bad])
        await asyncio.sleep(0.1)
        if nth > 0:
            link.deliver(by_text(f"r{nth}", "DELIVRD"), by_tlv(f"r{nth}".encode(), DELIVERED))

    await sent_through(office, database, on_submit, texts=3, expected={"sent": 1, "delivered": 2})
    assert len(await kept_problems(office)) == 1
    complaint = await receipt_complaint(office.pool)
    assert complaint == "1 of 3 receipts of the last hour could not be used: see /messages"


async def test_a_tlv_that_promises_more_than_it_has_stops_nothing(office: Office, database: Database) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, f"r{nth}")
        link.deliver(b"", tlv(MESSAGE_ID_TLV, b"r", length=900))
        link.deliver(by_text(f"r{nth}", "DELIVRD"))

    await sent_through(office, database, on_submit, texts=2, expected={"delivered": 2})


async def test_a_receipt_before_the_answer_to_its_text_is_not_lost(
    office: Office, database: Database
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.deliver(by_text(f"r{nth}", "DELIVRD"))
        await asyncio.sleep(1.5)
        link.answer(submit, f"r{nth}")

    await sent_through(office, database, on_submit, expected={"delivered": 1})
    assert await kept_problems(office) == []


async def test_receipts_that_repeat_or_contradict_do_not_change_the_first(
    office: Office, database: Database
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, "r0")
        for state in ("ENROUTE", "ACCEPTD", "DELIVRD", "DELIVRD"):
            link.deliver(by_text("r0", state))
        await asyncio.sleep(1.0)
        link.deliver(by_text("r0", "UNDELIV"))
        link.deliver(by_text("r0", "DELIVRD"))

    await planned(office, 1, PHONE)
    async with hostile_centre(on_submit) as centre, working(office, database, centre.port):
        await until(lambda: is_kept(office, "contradicts_earlier"))
    assert await states(office, "sms") == ["delivered"]
    acts = await office.pool.fetch("SELECT act FROM audit_lines ORDER BY n")
    assert [row["act"] for row in acts] == ["message.planned", "message.sent", "message.delivered"]


async def test_receipts_that_come_while_the_service_stops_are_stored(
    office: Office, database: Database
) -> None:
    """Acknowledged is stored: the centre does not send it again."""
    answered = asyncio.Event()

    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, f"r{nth}")
        answered.set()

    await planned(office, 1, PHONE)
    async with hostile_centre(on_submit) as centre:
        async with working(office, database, centre.port):
            await until(lambda: have_states(office, {"sent": 1}))
            numbers = [centre.links[-1].deliver(by_text(f"of-others-{n}", "DELIVRD")) for n in range(300)]
        await asyncio.wait_for(centre.links[-1].ended.wait(), 10)
        acknowledged = {number for number, status in centre.links[-1].acknowledged if status == 0}
    stored = await office.pool.fetchval("SELECT count(*) FROM delivery_receipts")
    assert stored == len(acknowledged & set(numbers)) > 0


async def test_receipts_wait_in_the_table_until_the_catalogue_knows_the_carrier(
    office: Office, database: Database
) -> None:
    await office.pool.execute("DELETE FROM catalogue_items WHERE item = 'carriers'")
    dialects = DialectCache("standard")
    assert await dialects.unavailable_reason(office.pool) == (
        "the catalogue's carriers have not been published yet"
    )
    await office.learn()
    assert await dialects.unavailable_reason(office.pool) is None
    assert await DialectCache("mobi").unavailable_reason(office.pool) == (
        "MOTCUA_SMPP_CARRIER: mobi is not among the catalogue's carriers"
    )


async def test_a_slow_centre_holds_up_no_receipt_and_a_silent_one_leaves_texts_in_doubt(
    office: Office, database: Database
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        if nth == 0:
            link.answer(submit, "r0")
            link.deliver(by_text("r0", "DELIVRD"))

    await sent_through(office, database, on_submit, texts=2, expected={"delivered": 1, "ambiguous": 1})


async def test_a_half_closed_link_is_bound_anew_and_its_last_receipt_counts(
    office: Office, database: Database
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, f"r{nth}")
        link.deliver(by_text(f"r{nth}", "DELIVRD"))
        await link.writer.drain()
        link.writer.write_eof()

    await planned(office, 1, PHONE)
    async with hostile_centre(on_submit) as centre, working(office, database, centre.port):
        await until(lambda: have_states(office, {"delivered": 1}))
        await planned(office, 1, Contact("+84900000002", None))
        await until(lambda: have_states(office, {"delivered": 2}))
        assert len(centre.links) == 2


@pytest.mark.parametrize(
    ("carrier", "answered", "receipt", "state"),
    [
        ("hex-answers-decimal-receipts", "0000A1B2", (by_text("41394", "DELIVRD"), b""), "delivered"),
        ("decimal-answers-hex-receipts", "41394", (b"", by_tlv(b"0a1b2", DELIVERED)), "delivered"),
        ("words-in-full", "0A1B2", (by_text("a1b2", "DELIVERED"), b""), "delivered"),
        ("words-in-full", "0A1B2", (by_text("a1b2", "UNDELIVERABLE", error="027"), b""), "failed"),
    ],
)
async def test_a_carrier_that_writes_otherwise_is_read_by_its_own_table(
    office: Office,
    database: Database,
    *,
    carrier: str,
    answered: str,
    receipt: tuple[bytes, bytes],
    state: str,
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, answered)
        link.deliver(*receipt)

    await planned(office, 1, PHONE)
    async with hostile_centre(on_submit) as centre, working(office, database, centre.port, carrier):
        await until(lambda: have_states(office, {state: 1}))
    assert await kept_problems(office) == []


async def test_a_centre_whose_receipts_stopped_matching_is_complained_about(
    office: Office, database: Database
) -> None:
    async def on_submit(link: Link, submit: int, nth: int) -> None:
        link.answer(submit, f"{nth + 10:x}")
        link.deliver(by_text(str(nth + 10), "DELIVERED"))

    await sent_through(office, database, on_submit, texts=12, expected={"sent": 12})
    assert await kept_problems(office) == ["unknown_state"] * 12
    assert "12 of 12 receipts of the last hour match no text" in str(await receipt_complaint(office.pool))
