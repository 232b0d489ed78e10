"""Writes gathered into one statement do what they did one by one."""

from collections.abc import Mapping

import asyncpg
import pytest

from shared.db.pipeline import pipeline
from shared.db.transaction import transaction
from tests.builders.statements import statements
from tests.integration.conftest import PoolFor

PARK = "INSERT INTO parked_keys (topic, key, reason) SELECT $1, * FROM unnest($2::text[], $3::text[])"
SEE = "INSERT INTO sequence_seen (topic, key, seq) SELECT $1, $2, n FROM unnest($3::bigint[]) AS n"
GIVE = """WITH given AS (INSERT INTO sequence_given (topic, key, seq) VALUES ($1, $2, $3))
          UPDATE published SET next_offset = $4 WHERE topic = $1"""


async def read_row(pool: asyncpg.Pool) -> Mapping[str, object]:
    row = await pool.fetchrow(
        """SELECT (SELECT array_agg((topic, key, reason)::text ORDER BY key) FROM parked_keys) AS parked,
                  (SELECT array_agg((topic, key, seq)::text) FROM sequence_seen) AS seen,
                  (SELECT array_agg((topic, key, seq)::text) FROM sequence_given) AS given"""
    )
    return dict(row or {})


async def write(tx: asyncpg.Connection) -> None:
    await tx.execute(GIVE, "told", "k", 7, 0)
    await tx.execute(PARK, "heard", ["a", "b"], ["gap", "poison"])
    await tx.execute(SEE, "heard", "c", [3])


async def test_one_statement_does_what_three_did(pool_for: PoolFor) -> None:
    apart, together = await pool_for("routing"), await pool_for("notification")
    async with transaction(apart) as tx:
        await write(tx)
    async with transaction(together) as tx:
        with statements(tx) as seen:
            async with pipeline(tx) as writes:
                await write(writes)
    assert await read_row(together) == await read_row(apart)
    assert len(seen) == 1


async def test_what_is_fetched_within_is_answered_before_anything_is_written(pool_for: PoolFor) -> None:
    async with transaction(await pool_for("routing")) as tx:
        async with pipeline(tx) as writes:
            await write(writes)
            assert await writes.fetchval("SELECT count(*) FROM parked_keys") == 0
        assert await tx.fetchval("SELECT count(*) FROM parked_keys") == 2


async def test_nothing_is_written_when_an_exception_leaves_it(pool_for: PoolFor) -> None:
    async with transaction(await pool_for("routing")) as tx:
        with pytest.raises(ZeroDivisionError):
            async with pipeline(tx) as writes:
                await write(writes)
                raise ZeroDivisionError
        assert await tx.fetchval("SELECT count(*) FROM parked_keys") == 0


async def test_nothing_gathered_asks_nothing(pool_for: PoolFor) -> None:
    async with transaction(await pool_for("routing")) as tx:
        with statements(tx) as seen:
            async with pipeline(tx):
                pass
    assert not seen
