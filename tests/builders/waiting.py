"""Knowing that somebody waits for a lock in this database, instead of guessing how long it takes."""

import asyncio

import asyncpg

_WAITING = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def blocked(pool: asyncpg.Pool, *, seconds: float = 10) -> None:
    """Return when a statement waits for another transaction's lock."""
    async with asyncio.timeout(seconds):
        while not await pool.fetchval(_WAITING):  # noqa: ASYNC110  (looking is the only way to learn it)
            await asyncio.sleep(0.01)
