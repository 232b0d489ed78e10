"""One round trip asks three things, and each sees what was committed while the one before waited."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from shared.db.pipeline import pipeline
from shared.db.transaction import defer_write, transaction
from shared.messaging.record import positions
from shared.messaging.record.positions import IntakePositions
from tests.builders.statements import statements
from tests.builders.waiting import blocked
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration
PLACE, KEY = ("dossier.events", 3), ("dossier.events", "a-root")
AS_ONE_STATEMENT = """
DROP FUNCTION take_in;
CREATE FUNCTION take_in(text[], integer[], bigint[], text[], text[])
RETURNS TABLE (what text, topic text, key text, place integer, number bigint, reason text, digests bytea)
LANGUAGE sql VOLATILE AS $$
WITH fence AS (
    INSERT INTO consumed AS c (topic, partition, next_offset) SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset
    RETURNING c.topic, c.partition, coalesce(old.next_offset, 0) AS number)
SELECT 'fence', topic, NULL, partition, number, NULL, NULL::bytea FROM fence
UNION ALL SELECT 'parked', topic, key, NULL, NULL, reason, NULL FROM parked_keys
UNION ALL SELECT 'seen', topic, key, NULL, seq, NULL, digests FROM sequence_seen
$$"""
"""How it would be done by someone who counts round trips and no snapshots."""


async def advance(pool: asyncpg.Pool, upto: int) -> IntakePositions:
    async with transaction(pool) as tx:
        return await positions.advance_fences(tx, {PLACE: upto}, [KEY])


async def while_waiting(
    pool: asyncpg.Pool, act: Callable[[Any], Awaitable[object]], first: Callable[[Any], Awaitable[object]]
) -> IntakePositions:
    """What a second reader takes in that waited for `first` to be committed; `act` came into it meanwhile."""
    async with transaction(pool) as tx:
        await first(tx)
        second = asyncio.create_task(advance(pool, 9))
        await blocked(pool)
        await act(tx)
    return await second


async def fence(tx: Any) -> None:
    await positions.advance_fences(tx, {PLACE: 7}, [KEY])


async def note_and_park(tx: Any) -> None:
    await tx.execute("INSERT INTO parked_keys (topic, key, reason) VALUES ($1, $2, 'gap')", *KEY)
    await tx.execute("INSERT INTO sequence_seen (topic, key, seq) VALUES ($1, $2, 4)", *KEY)


async def test_what_was_parked_and_seen_while_the_fence_was_waited_for_is_seen(pool_for: PoolFor) -> None:
    found = await while_waiting(await pool_for("routing"), note_and_park, fence)
    assert found == IntakePositions({PLACE: 7}, {KEY: "gap"}, {KEY: 4}, {KEY: b""})


async def test_one_statement_for_all_three_would_miss_it(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    await pool.execute(AS_ONE_STATEMENT)
    found = await while_waiting(pool, note_and_park, fence)
    assert found == IntakePositions({PLACE: 7}, {}, {})


async def test_a_number_noted_while_the_parked_key_was_waited_for_is_seen(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    await pool.execute("INSERT INTO parked_keys (topic, key, reason) VALUES ($1, $2, 'gap')", *KEY)

    async def lock(tx: Any) -> None:
        await tx.fetch("SELECT FROM parked_keys FOR UPDATE")

    async def replayed(tx: Any) -> None:
        await tx.execute("DELETE FROM parked_keys")
        await tx.execute("INSERT INTO sequence_seen (topic, key, seq) VALUES ($1, $2, 5)", *KEY)

    assert await while_waiting(pool, replayed, lock) == IntakePositions({PLACE: 0}, {}, {KEY: 5}, {KEY: b""})


async def test_all_three_are_one_round_trip(pool_for: PoolFor) -> None:
    async with transaction(await pool_for("routing")) as tx:
        with statements(tx) as seen:
            await positions.advance_fences(tx, {PLACE: 7}, [KEY])
    assert len(seen) == 1


async def numbers(pool: asyncpg.Pool) -> int | None:
    return await pool.fetchval("SELECT seq FROM sequence_seen")


async def test_what_is_written_later_goes_with_what_is_gathered_next(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    async with transaction(pool) as tx:
        with statements(tx) as seen:
            await positions.save_sequences(tx, {KEY: 1})
            async with pipeline(tx) as writes:
                await writes.execute("INSERT INTO inbox (party, ce_id) VALUES ($1, $2)", "hospital", "7")
    assert len(seen) == 1
    assert await numbers(pool) == 1


async def test_what_is_written_later_is_written_before_the_commit_at_the_latest(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    async with transaction(pool) as tx:
        await positions.save_sequences(tx, {KEY: 2})
    assert await numbers(pool) == 2


async def test_what_is_written_later_goes_with_a_transaction_that_is_given_up(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as tx:
            await positions.save_sequences(tx, {KEY: 3})
            raise ZeroDivisionError
    async with transaction(pool):
        pass
    assert await numbers(pool) is None


async def test_a_transaction_within_writes_nothing_of_the_outer_one(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    async with transaction(pool) as outer:
        await positions.save_sequences(outer, {KEY: 4})
        async with transaction(pool) as inner:
            await defer_write(inner, "INSERT INTO inbox (party, ce_id) VALUES ($1, $2)", "hospital", "8")
        assert await numbers(pool) is None
    assert await numbers(pool) == 4


async def test_outside_of_a_transaction_later_is_now(pool_for: PoolFor) -> None:
    pool = await pool_for("routing")
    async with pool.acquire() as connection:
        await positions.save_sequences(connection, {KEY: 5})  # pyright: ignore[reportArgumentType]  (a proxied connection)
        assert await numbers(pool) == 5
