"""Firing deadlines beside general schedulers: for each a row, an event and an audit line.

All do the same with a dossier that falls due: lock it, decide what its clocks say, keep it, tell it, plan the
next. Ours takes a batch of them in a transaction; of the others each job is one dossier, as their jobs are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from uuid import UUID

import asyncpg

from services.routing.store import deadlines
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import BATCHES_AT_ONCE, fire_due_cases, fire_timers
from shared.db.pool import create_pool
from shared.db.transaction import city_now, transaction
from shared.messaging.sweep import sweep_once
from shared.web.serve import freeze_gc
from tests.bench.figures import Spread, spread
from tests.bench.peers.job_queues import AT_ONCE, PgQueuerTimers, ProcrastinateTimers
from tests.bench.rig import Rig
from tests.bench.timers import SAID_OF_A_CASE, Side, hand_in, timed
from tests.builders.routing import catalogue
from tests.builders.routing_batches import city_rules
from tests.databases import Database

DOSSIERS, ROUNDS = 1_000, 5
PGQUEUER, PROCRASTINATE = "pgqueuer", "procrastinate"
UNTUNED = "procrastinate, one at a time as by default"
TARGETS = {PGQUEUER: 5.0, PROCRASTINATE: 50.0, UNTUNED: 50.0}

Tell = Callable[[str], None]


class Timers(Protocol):
    """A scheduler: its tables, jobs that are due, and running them all."""

    async def install(self) -> None: ...
    async def plan(self, count: int) -> None: ...
    async def run(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Beside:
    """Deadlines a second, round by round: ours, and each of the others."""

    ours: Sequence[float]
    others: Mapping[str, Sequence[float]]

    def ratio(self, name: str) -> Spread:
        """Ours over this one, round by round."""
        return spread([a / b for a, b in zip(self.ours, self.others[name], strict=True)])

    @property
    def met(self) -> bool:
        """Whether ours is as many times as fast as promised."""
        return all(self.ratio(name).median >= least for name, least in TARGETS.items())

    def rows(self) -> list[tuple[str, ...]]:
        """As a table shows it."""
        return [self._row(name) for name in self.others]

    def _row(self, name: str) -> tuple[str, ...]:
        ratio = self.ratio(name)
        ours, theirs = (f"{spread(of).median:,.0f}" for of in (self.ours, self.others[name]))
        shown = f"{ratio.median:.1f} ({ratio.low:.1f}–{ratio.high:.1f})"
        return name, ours, theirs, shown, f"≥ {TARGETS[name]:.0f}"


@dataclass
class Desk:
    """The dossiers of a peer that fall due, one a job."""

    side: Side
    roots: list[UUID] = field(default_factory=list)

    async def hand_in(self, count: int) -> None:
        """As many dossiers; nothing but the peer's own jobs knows from here on when they are due."""
        await hand_in(self.side, count)
        async with transaction(self.side.pool) as tx:
            self.roots = await deadlines.lock_due(tx, await city_now(tx), count)
            await tx.execute("DELETE FROM deadlines")

    async def fire(self, n: int) -> None:
        """What is due of the n-th one is said."""
        async with transaction(self.side.pool) as tx:
            await fire_due_cases(tx, [self.roots[n]], await city_rules(tx))


async def run(rig: Rig, tell: Tell, *, dossiers: int = DOSSIERS, rounds: int = ROUNDS) -> Beside:
    """In turns, each in a database of its own."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(rig.databases(1 + len(TARGETS)))
        own, *sides = [await stack.enter_async_context(_side(one)) for one in made]
        desks = {name: Desk(side) for name, side in zip(TARGETS, sides, strict=True)}
        peers = {name: await _peer(stack, name, desk) for name, desk in desks.items()}
        ours, others = list[float](), {name: list[float]() for name in peers}
        freeze_gc()
        for number in range(rounds + 1):
            seen = {"ours": await _ours(own, dossiers)}
            for name, timers in peers.items():
                seen[name] = await _theirs(desks[name], timers, dossiers)
            tell(f"round {number} of {rounds}: " + ", ".join(f"{k} {v:,.0f}/s" for k, v in seen.items()))
            if number:  # the first is for warming up
                ours.append(seen["ours"])
                for name in peers:
                    others[name].append(seen[name])
        return Beside(ours, others)


async def _peer(stack: AsyncExitStack, name: str, desk: Desk) -> Timers:
    """With its tables, on connections of its own."""
    url = desk.side.database.city_admin_url
    if name == PGQUEUER:
        pool = await stack.enter_async_context(asyncpg.create_pool(url, min_size=2, max_size=AT_ONCE))
        timers: Timers = PgQueuerTimers(pool, desk.fire)
    else:
        timers = made = ProcrastinateTimers(url, desk.fire, 1 if name == UNTUNED else AT_ONCE)
        await stack.enter_async_context(made.app.open_async())
    await timers.install()
    return timers


@asynccontextmanager
async def _side(database: Database) -> AsyncIterator[Side]:
    pool = await create_pool(database.url("routing"), application="bench", max_size=AT_ONCE)
    try:
        yield Side(0, database, pool)
    finally:
        await pool.close()


async def _ours(side: Side, count: int) -> float:
    await hand_in(side, count)
    seconds = await timed(
        sweep_once(
            side.pool, partial(fire_timers, catalogue=CatalogueCache(catalogue())), at_once=BATCHES_AT_ONCE
        )
    )
    return SAID_OF_A_CASE * count / seconds


async def _theirs(desk: Desk, timers: Timers, count: int) -> float:
    await desk.hand_in(count)
    await timers.plan(count)
    seconds = await timed(timers.run())
    said = await desk.side.pool.fetchval(
        "SELECT count(*) FROM deadlines_fired WHERE root_id = ANY($1)", desk.roots
    )
    if said != SAID_OF_A_CASE * count:
        raise AssertionError(f"{said} of {SAID_OF_A_CASE * count} were said")
    return said / seconds
