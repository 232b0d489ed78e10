"""A receipt ends its own text, however early it comes and whoever it comes to."""

import pytest

from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.store import receipts as store
from services.notification.store.leases import SenderLease
from services.notification.usecases import record_receipts as recording
from services.notification.usecases.dialect_cache import DialectCache
from services.notification.usecases.record_receipts import apply_outcomes, match_receipts, tidy_receipts
from services.notification.usecases.send_due import send_due
from shared.db.transaction import transaction
from shared.events.contacts import Contact
from shared.events.wire.attributes import short_type
from shared.messaging.record.records import unpack_headers
from shared.security.audit_chain import verify
from tests.builders.notification import Office
from tests.builders.sending import QuickCarrier, kept_problems, planned, receipt_text, record_all, states
from tests.builders.sinks import STANDARD
from tests.builders.statements import statements
from tests.databases import Database

pytestmark = pytest.mark.integration


async def sms_ref(office: Office) -> str:
    """The reference under which `QuickCarrier` takes the only text."""
    return str(await office.pool.fetchval("SELECT id FROM messages WHERE channel = 'sms'"))


async def test_a_receipt_that_overtakes_its_answer_still_finds_its_text(
    office: Office, lease: SenderLease
) -> None:
    await planned(office)
    ref = await sms_ref(office)
    receipts = [receipt_text(ref, "DELIVRD"), receipt_text("a-stranger", "DELIVRD")]
    assert await record_all(office, [*receipts, receipt_text(ref, "ENROUTE")]) == 3
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number, STANDARD)
    async with transaction(office.pool) as tx:
        await match_receipts(tx)
    assert await states(office, "sms") == ["delivered"]
    left = await office.pool.fetch("SELECT state FROM delivery_receipts ORDER BY id")
    assert [row["state"] for row in left] == ["matched", "waiting"]


async def test_one_that_matches_nothing_for_long_is_kept_for_an_operator(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await record_all(office, [receipt_text("a-stranger", "DELIVRD")])
    monkeypatch.setattr(recording, "UNMATCHED_AFTER_SECONDS", 0.0)
    async with transaction(office.pool) as tx:
        await tidy_receipts(tx)
    assert await kept_problems(office) == ["unknown_message"]


async def test_old_receipts_are_forgotten(office: Office) -> None:
    await record_all(office, [receipt_text("a-stranger", "DELIVRD"), receipt_text("another", "NOBODYS")])
    await office.pool.execute("UPDATE delivery_receipts SET received_at = received_at - interval '31 days'")
    for _ in range(2):
        async with transaction(office.pool) as tx:
            await tidy_receipts(tx)
    assert await office.pool.fetchval("SELECT count(*) FROM delivery_receipts") == 0


async def test_a_receipt_that_breaks_its_batch_is_kept_alone(
    office: Office, lease: SenderLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    await planned(office, 2, Contact("+84900000001", None))
    carrier = QuickCarrier()
    await send_due(office.pool, office.keyring, carrier, lease.number, STANDARD)
    bad, good = (str(message.id) for message in carrier.sent)
    original = recording.apply_outcomes

    async def failing(tx: object, outcomes: dict[str, str]) -> set[str]:
        if bad in outcomes:
            raise ValueError("this one cannot be recorded")
        return await original(tx, outcomes)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(recording, "apply_outcomes", failing)
    await record_all(office, [receipt_text(bad, "DELIVRD"), receipt_text(good, "DELIVRD")])
    assert sorted(await states(office, "sms")) == ["delivered", "sent"]
    assert await kept_problems(office) == ["not_recorded"]


async def test_a_receipt_that_comes_in_at_the_very_end_is_told_before_the_service_leaves(
    office: Office, lease: SenderLease, database: Database
) -> None:
    await planned(office, contact=Contact("+84900000001", None))
    carrier, receipts = QuickCarrier(), ReceiptIntake("standard")
    await send_due(office.pool, office.keyring, carrier, lease.number, STANDARD)
    post = DeliveryWorker(
        office.pool,
        office.desk,
        [],
        lease=SenderLease(database.url("notification")),
        receipts=receipts,
        dialects=DialectCache("standard"),
    )
    await receipts.add(receipt_text(str(carrier.sent[0].id), "DELIVRD"))
    await post.stop()
    assert await states(office, "sms") == ["delivered"]


@pytest.mark.parametrize(("status", "end"), [("DELIVRD", "delivered"), ("UNDELIV", "failed")])
async def test_a_receipt_quicker_than_the_rest_of_its_batch_is_written_down_with_it(
    office: Office, lease: SenderLease, status: str, end: str
) -> None:
    await planned(office, contact=Contact("+84900000001", None))
    await store.save_raw(office.pool, "standard", [receipt_text(await sms_ref(office), status)])
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number, STANDARD)
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
    await store.save_raw(office.pool, "standard", [receipt_text(await sms_ref(office), "ENROUTE")])
    await send_due(office.pool, office.keyring, QuickCarrier(), lease.number, STANDARD)
    assert await states(office, "sms") == ["sent"]


def _type(packed: bytes) -> str:
    headers = dict(unpack_headers(packed))
    return short_type((headers["ce_type"] or b"").decode())


async def _telling_cost(office: Office, lease: SenderLease, count: int) -> tuple[int, int]:
    await planned(office, count, Contact("+84900000007", None))
    carrier = QuickCarrier()
    assert await send_due(office.pool, office.keyring, carrier, lease.number, STANDARD) == count
    refs = [str(parcel.id) for parcel in carrier.sent]
    await store.save_raw(office.pool, "standard", [receipt_text(ref, "DELIVRD") for ref in refs])
    async with transaction(office.pool) as tx:
        with statements(tx) as recorded:
            assert await recording.record_new(tx, STANDARD, 500) == count
    await office.pool.execute(
        "UPDATE messages SET state = 'sent', settled_at = NULL WHERE carrier_ref = ANY($1)", refs
    )
    async with transaction(office.pool) as tx:
        with statements(tx) as applied:
            await apply_outcomes(tx, dict.fromkeys(refs, "delivered"))
    assert set(await states(office, "sms")) == {"delivered"}
    return len(recorded), len(applied)


async def test_telling_receipts_costs_the_same_statements_for_one_and_for_a_hundred(
    office: Office, lease: SenderLease
) -> None:
    assert await _telling_cost(office, lease, 1) == await _telling_cost(office, lease, 100)
