"""Publishing is rows of the same transaction: all or none, a constant number of statements."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from shared.db.transaction import transaction
from shared.errors import Refused
from shared.events import dossier
from shared.events.dossier import DossierRefused
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.messaging.publish.outbox import MAX_EVENT_BYTES
from shared.messaging.record.records import unpack_headers as outbox_headers
from tests.builders.statements import statements
from tests.builders.waiting import blocked
from tests.builders.wire import AT, an_event, refused
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration


async def _append(pool: asyncpg.Pool, events: Sequence[NewEvent]) -> None:
    async with transaction(pool) as tx:
        await outbox.append_events(tx, events)


async def statements_of(pool_for: PoolFor, count: int) -> int:
    pool = await pool_for("intake")
    async with transaction(pool) as tx:
        with statements(tx) as seen:
            await outbox.append_events(tx, [refused(uuid4()) for _ in range(count)])
    return len(seen)


async def test_it_takes_as_many_statements_for_one_event_as_for_500(pool_for: PoolFor) -> None:
    assert await statements_of(pool_for, 1) == await statements_of(pool_for, 500) == 1


async def test_events_of_one_key_are_numbered_in_order_and_gaplessly(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    root = uuid4()
    async with transaction(pool) as tx:
        await outbox.append_events(tx, [refused(root), refused(uuid4()), refused(root)])
    with pytest.raises(LookupError):
        async with transaction(pool) as tx:
            await outbox.append_events(tx, [refused(root)])
            raise LookupError
    async with transaction(pool) as tx:
        await outbox.append_events(tx, [refused(root)])
    rows = await pool.fetch("SELECT headers FROM outbox WHERE key = $1 ORDER BY position", str(root))
    numbers = [dict(outbox_headers(row["headers"]))["ce_sequence"] for row in rows]
    assert numbers == [b"000000000001", b"000000000002", b"000000000003"]


async def test_whoever_waited_for_a_key_comes_behind_in_number_and_in_position(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    root, others = uuid4(), [refused(uuid4()) for _ in range(50)]
    async with transaction(pool) as first:
        await outbox.append_events(first, [refused(root)])
        waiting = asyncio.create_task(_append(pool, [*others, refused(root)]))
        await blocked(pool)
        await outbox.append_events(first, [refused(root)])
    await waiting
    rows = await pool.fetch("SELECT key, headers FROM outbox ORDER BY position")
    numbers = [dict(outbox_headers(row["headers"]))["ce_sequence"] for row in rows if row["key"] == str(root)]
    assert numbers == [b"000000000001", b"000000000002", b"000000000003"]
    assert [row["key"] for row in rows[:2]] == [str(root)] * 2, "no position was taken while waiting"


async def test_headers_around_the_number_stay_as_they_are(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    strange = replace(refused(uuid4()), traceparent='"ce_sequence","7', causation_id='"ce_sequence","')
    async with transaction(pool) as tx:
        await outbox.append_events(tx, [strange])
    packed = await pool.fetchval("SELECT headers FROM outbox")
    assert list(outbox_headers(packed)) == strange.headers(source="/intake", sequence=1, traceparent=None)


@pytest.mark.parametrize(
    ("given", "written"),
    [(999_999_999_998, b"999999999999"), (999_999_999_999, b"1000000000000")],
    ids=["as wide as any", "wider, and not cut"],
)
async def test_a_number_is_padded_to_its_width_and_never_cut(
    pool_for: PoolFor, given: int, written: bytes
) -> None:
    pool = await pool_for("intake")
    event = refused(uuid4())
    await pool.execute("INSERT INTO sequence_given VALUES ($1, $2, $3)", event.topic, event.key, given)
    async with transaction(pool) as tx:
        await outbox.append_events(tx, [event])
    packed = await pool.fetchval("SELECT headers FROM outbox")
    assert dict(outbox_headers(packed))["ce_sequence"] == written


async def test_an_event_too_large_for_the_wire_is_refused_with_the_limit(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    long = DossierRefused(code="H26", refused_at=AT, reason_code="x" * MAX_EVENT_BYTES)
    with pytest.raises(Refused, match=f"{MAX_EVENT_BYTES:,}"):
        async with transaction(pool) as tx:
            await outbox.append_events(tx, [refused(uuid4()), an_event(uuid4(), long, type=dossier.REFUSED)])
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0
