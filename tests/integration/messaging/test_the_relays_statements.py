"""What the relay says to PostgreSQL: its ease stays in its own transaction, its look stays cheap."""

from uuid import uuid4

import asyncpg
import pytest

from shared.db.transaction import transaction
from shared.messaging.publish import outbox, relay
from tests.builders.wire import refused
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration
AT_LEISURE = relay._DELETE
FOR_EVER = AT_LEISURE.replace("'off', true", "'off', false")


async def waits_for_the_disk(connection: asyncpg.pool.PoolConnectionProxy) -> str:
    return await connection.fetchval("SHOW synchronous_commit")


async def inside_and_after(pool: asyncpg.Pool, delete: str) -> tuple[str, str]:
    async with transaction(pool) as tx:
        await outbox.append_events(tx, [refused(uuid4())])
    async with pool.acquire() as connection:
        await connection.execute("SET synchronous_commit = on")  # as in a city
        async with connection.transaction():
            positions = [row["position"] for row in await connection.fetch("SELECT position FROM outbox")]
            await connection.execute(delete, positions)
            inside = await waits_for_the_disk(connection)
        return inside, await waits_for_the_disk(connection)


async def test_only_the_relays_delete_does_not_wait_for_the_disk(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    assert await inside_and_after(pool, AT_LEISURE) == ("off", "on")
    assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_delete_that_left_its_connection_at_ease_would_be_noticed(pool_for: PoolFor) -> None:
    assert FOR_EVER != AT_LEISURE
    assert await inside_and_after(await pool_for("intake"), FOR_EVER) == ("off", "off")


async def test_a_kept_plan_of_the_look_hashes_what_is_in_hand(pool_for: PoolFor) -> None:
    pool = await pool_for("intake")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        plan = await connection.fetch("EXPLAIN " + relay._READ, [1], [1], relay.CHUNK)
    assert any("hashed SubPlan" in row[0] for row in plan)
