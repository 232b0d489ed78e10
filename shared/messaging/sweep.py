"""Sweeps over due rows with SKIP LOCKED, so that any number of processes share them."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from shared.db.transaction import Tx, transaction
from shared.messaging.faults import retry_delays
from shared.observability.logs import get_logger

log = get_logger(__name__)
Due = Callable[[Tx, int], Awaitable[int]]
"""Locks at most `limit` due rows with SKIP LOCKED, handles them, and returns their number."""


async def sweep_once(pool: asyncpg.Pool, due: Due, *, limit: int = 200, at_once: int = 1) -> int:
    """Handle all rows that are due now, one transaction per batch. Returns their number.

    After a full first batch, `at_once` batches run concurrently: one computes while another waits for the
    database.
    """
    count = await _batch(pool, due, limit)
    if count < limit:
        return count
    if at_once == 1:
        return count + await _sweep_rest(pool, due, limit)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_sweep_rest(pool, due, limit)) for _ in range(at_once)]
    return count + sum(task.result() for task in tasks)


async def sweep(
    pool: asyncpg.Pool,
    name: str,
    due: Due,
    *,
    every_seconds: float = 1.0,
    limit: int = 200,
    at_once: int = 1,
) -> None:
    """Sweep until cancelled. A failure is logged and retried."""
    delays = retry_delays()
    while True:
        try:
            await sweep_once(pool, due, limit=limit, at_once=at_once)
            delays = retry_delays()
            await asyncio.sleep(every_seconds)
        except Exception as failure:
            log.warning("sweep.failed", sweep=name, error=repr(failure))
            await asyncio.sleep(next(delays))


async def _sweep_rest(pool: asyncpg.Pool, due: Due, limit: int) -> int:
    """Handle batches until one is not full."""
    total = 0
    while True:
        count = await _batch(pool, due, limit)
        total += count
        if count < limit:
            return total


async def _batch(pool: asyncpg.Pool, due: Due, limit: int) -> int:
    async with transaction(pool) as tx:
        return await due(tx, limit)
