"""A receipt ends its own text, however early it comes and whoever it comes to."""

from collections.abc import Collection, Sequence
from functools import partial

import pytest

from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.receipts import ReceiptBuffer
from services.notification.store.leases import SenderLease
from services.notification.usecases.record_receipts import (
    Receipt,
    apply_receipts,
    match_receipts,
    record_receipts,
)
from services.notification.usecases.send_due import send_due
from shared.db.transaction import transaction
from shared.events.contacts import Contact
from shared.messaging.record.records import unpack_headers
from shared.security.audit_chain import verify
from tests.builders.notification import Office
from tests.builders.sending import QuickCarrier, planned, states
from tests.builders.statements import statements
from tests.databases import Database

pytestmark = pytest.mark.integration


async def test_a_receipt_that_overtakes_its_answer_still_finds_its_text(
    office: Office, lease: SenderLease
) -> None:
    await planned(office)
    carrier = QuickCarrier()
    ref = str(await office.pool.fetchval("SELECT id FROM messages WHERE channel = 'sms'"))
    await record_receipts(office.pool, [(ref, "DELIVRD"), ("a-stranger", "DELIVRD"), (ref, "ENROUTE")])
    await send_due(office.pool, office.keyring, carrier, lease.number)
    async with transaction(office.pool) as tx:
        await match_receipts(tx)
    assert await states(office, "sms") == ["delivered"]
    assert await office.pool.fetchval("SELECT count(*) FROM receipts") == 1


async def test_a_receipt_that_comes_in_at_the_very_end_is_told_before_the_service_leaves(
    office: Office, lease: SenderLease, database: Database
) -> None:
    await planned(office, contact=Contact("+84900000001", None))
    carrier, receipts = QuickCarrier(), ReceiptBuffer()
    await send_due(office.pool, office.keyring, carrier, lease.number)
    post = DeliveryWorker(
        office.pool, office.desk, [], lease=SenderLease(database.url("notification")), receipts=receipts
    )
    receipts.add(str(carrier.sent[0].id), "DELIVRD")
    await post.stop()
    assert await states(office, "sms") == ["delivered"]


@pytest.mark.parametrize(("status", "end"), [("DELIVRD", "delivered"), ("UNDELIV", "failed")])
async def test_a_receipt_quicker_than_the_rest_of_its_batch_is_written_down_with_it(
    office: Office, lease: SenderLease, status: str, end: str
) -> None:
    await planned(office, contact=Contact("+84900000001", None))
    came = partial(_all_came, status=status)
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number, came)
    row = await office.pool.fetchrow("SELECT state, sent_at, settled_at FROM messages")
    assert row and (row["state"], row["sent_at"] is not None) == (end, True)
    assert row["settled_at"] == row["sent_at"]
    acts = await office.pool.fetch("SELECT act FROM audit_lines ORDER BY n")
    assert [row["act"] for row in acts] == ["message.planned", "message.sent", f"message.{end}"]
    async with transaction(office.pool) as tx:
        assert (await verify(tx)).is_intact
    told = await office.pool.fetch("SELECT headers FROM outbox ORDER BY position")
    assert [_type(row["headers"]) for row in told] == [
        f"notification.{state}.v1" for state in ("planned", "sent", end)
    ]


async def test_a_receipt_that_only_says_under_way_ends_nothing(office: Office, lease: SenderLease) -> None:
    await planned(office, contact=Contact("+84900000001", None))
    came = partial(_all_came, status="ENROUTE")
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number, came)
    assert await states(office, "sms") == ["sent"]


def _all_came(refs: Collection[str], status: str) -> Sequence[Receipt]:
    return [(ref, status) for ref in refs]


def _type(packed: bytes) -> str:
    return next(str((value or b"").decode()) for name, value in unpack_headers(packed) if name == "ce_type")


async def _telling_cost(office: Office, lease: SenderLease, count: int) -> int:
    await planned(office, count, Contact("+84900000007", None))
    carrier = QuickCarrier()
    assert await send_due(office.pool, office.keyring, carrier, lease.number) == count
    async with transaction(office.pool) as tx:
        with statements(tx) as seen:
            await apply_receipts(tx, [(str(parcel.id), "DELIVRD") for parcel in carrier.sent])
    assert set(await states(office, "sms")) == {"delivered"}
    return len(seen)


async def test_telling_receipts_costs_the_same_statements_for_one_and_for_a_hundred(
    office: Office, lease: SenderLease
) -> None:
    assert await _telling_cost(office, lease, 1) == await _telling_cost(office, lease, 100)
