"""A holiday announced over thousands of open dossiers, while others go on coming in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from services.routing.usecases.publish_catalogue import publish_upload
from shared.actor import Actor
from shared.catalogue.loading.load import load_folder
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from tests.bench import catalogue
from tests.bench.catalogue import write_catalogue
from tests.bench.program import Program
from tests.bench.rig import CITY_AT, Rig
from tests.bench.stage import Effort
from tests.bench.stages import chain
from tests.builders.wire import until

HOLIDAY = "2026-02-23"
"""Where the bench's ten calendar days from then come to, over Tết."""
OPERATOR = Actor(kind="officer", id="dieuphoi", role="operator")
PACE = 50.0
"""Dossiers a second that go on coming in meanwhile."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recounted:
    """How long the walk over so many open dossiers took, and how many dates moved and were told."""

    open: int
    seen: int
    moved: int
    told: int
    seconds: float
    filed_meanwhile: int


async def run(rig: Rig, effort: Effort, count: int, tell: Tell) -> Recounted:
    """Fill, announce, wait for the first walk to end."""
    async with AsyncExitStack() as stack:
        running = await chain.services(rig, effort, stack)
        pool = await create_pool(running.database.url("routing"), application="bench")
        stack.push_async_callback(pool.close)
        load = await stack.enter_async_context(rig.program("http_load", "", bodies=catalogue.bodies()))
        tell(f"recount: {count:,} dossiers are filed first")
        await chain.posted(rig, load, running, count)()
        before = await pool.fetchval("SELECT count(*) FROM cases WHERE current_due_at IS NOT NULL")
        more = asyncio.create_task(_go_on(load, running.port, effort.seconds))
        started = time.perf_counter()
        await _announce(pool, write_catalogue(rig.folder / "catalogue"))
        tell(f"recount: {before:,} open dates are counted again")
        await until(lambda: _walked(pool), seconds=300)
        seconds = time.perf_counter() - started
        walk: Any = await pool.fetchrow("SELECT seen, moved FROM recounts")
        told = await pool.fetchval("SELECT count(*) FROM case_history WHERE type = 'deadline.moved.v1'")
        return Recounted(before, walk["seen"], walk["moved"], told, seconds, await more)


async def _go_on(load: Program, port: int, seconds: float) -> int:
    await load.ask(do="supply", count=int(PACE * seconds) + 1)
    said = await load.ask(do="pace", port=port, rate=PACE, seconds=seconds)
    return said["statuses"].get("201", 0)


async def _announce(pool: asyncpg.Pool, folder: Path) -> None:
    items = load_folder(folder)
    like = items["calendar"]["national"][-1]
    items["calendar"]["national"].append(
        {**like, "date": HOLIDAY, "kind": "day_off", "published": CITY_AT.isoformat()}
    )
    async with transaction(pool) as tx:
        await publish_upload(tx, {"calendar": items["calendar"]}, OPERATOR)


async def _walked(pool: asyncpg.Pool) -> bool:
    return bool(await pool.fetchval("SELECT bool_and(round = 2 OR done) FROM recounts"))
