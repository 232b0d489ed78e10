"""One loop for everything that falls due: rows taken with SKIP LOCKED, so no node leads."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from shared.db.transaction import Tx, transaction
from shared.messaging.faults import pauses
from shared.observability.logs import get_logger

log = get_logger(__name__)
Due = Callable[[Tx, int], Awaitable[int]]
"""Takes at most `limit` due rows `FOR UPDATE SKIP LOCKED`, acts, and says how many there were."""


async def sweep_once(pool: asyncpg.Pool, due: Due, *, limit: int = 200) -> int:
    """Everything due now, a transaction a batch; returns how many rows."""
    total = 0
    while True:
        async with transaction(pool) as tx:
            found = await due(tx, limit)
        total += found
        if found < limit:
            return total


async def sweep(
    pool: asyncpg.Pool, name: str, due: Due, *, every_seconds: float = 1.0, limit: int = 200
) -> None:
    """Sweep until cancelled; a fault is logged and waited out."""
    waits = pauses()
    while True:
        try:
            await sweep_once(pool, due, limit=limit)
            waits = pauses()
            await asyncio.sleep(every_seconds)
        except Exception as failure:
            log.warning("sweep.failed", sweep=name, error=repr(failure))
            await asyncio.sleep(next(waits))
