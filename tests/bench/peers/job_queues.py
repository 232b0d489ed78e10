"""`pgqueuer` and `procrastinate` as timers: a job for each deadline, whose work is given.

Each as its own documentation would have it for many small jobs: pgqueuer on a pool, with batches of a
hundred, drained; procrastinate with a pool and sixteen jobs at a time, its news switched off. Both say
nothing to a log.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode
from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONDict

AT_ONCE, BATCH = 16, 100
ENTRY = "fire"

Fire = Callable[[int], Awaitable[None]]
"""Says the n-th deadline, in a transaction of its own."""


class PgQueuerTimers:
    """Jobs of pgqueuer in a schema of its own."""

    def __init__(self, pool: asyncpg.Pool, fire: Fire) -> None:
        self.pool = pool
        self.fire = fire
        logging.getLogger("pgqueuer").setLevel(logging.ERROR)

    async def install(self) -> None:
        """Its tables."""
        await Queries(AsyncpgPoolDriver(self.pool)).install()

    async def plan(self, count: int) -> None:
        """So many jobs, all due by now."""
        numbers: list[bytes | None] = [str(n).encode() for n in range(count)]
        due: list[timedelta | None] = [timedelta(0)] * count
        await Queries(AsyncpgPoolDriver(self.pool)).enqueue([ENTRY] * count, numbers, [0] * count, due)

    async def run(self) -> None:
        """All of them, until none is left."""
        worker = PgQueuer(AsyncpgPoolDriver(self.pool))

        @worker.entrypoint(ENTRY)
        async def fire(job: Job) -> None:
            await self.fire(int(job.payload or b""))

        await worker.run(batch_size=BATCH, mode=QueueExecutionMode.drain)


class ProcrastinateTimers:
    """Jobs of procrastinate."""

    def __init__(self, url: str, fire: Fire, at_once: int = AT_ONCE) -> None:
        self.at_once = at_once
        connector = PsycopgConnector(conninfo=url, min_size=2, max_size=at_once + 1)
        self.app = App(connector=connector)
        logging.getLogger("procrastinate").setLevel(logging.ERROR)

        @self.app.task(name=ENTRY)
        async def say(n: int) -> None:
            await fire(n)

        self.task = say

    async def install(self) -> None:
        """Its tables."""
        await self.app.schema_manager.apply_schema_async()

    async def plan(self, count: int) -> None:
        """So many jobs, all due by now."""
        due = datetime.now(UTC) - timedelta(seconds=1)
        jobs: list[JSONDict] = [{"n": n} for n in range(count)]
        await self.task.configure(schedule_at=due).batch_defer_async(*jobs)

    async def run(self) -> None:
        """All of them, until none is left."""
        await self.app.run_worker_async(
            wait=False, concurrency=self.at_once, listen_notify=False, install_signal_handlers=False
        )
