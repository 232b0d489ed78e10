"""The sweep's cost follows what is due, not what is open: a few deadlines fire among a million, or ten.

What is open and not due is rows of `deadlines` alone: a sweep looks at a case only when its row is due. What
fires are real cases at the door, each with a warning and a breach: row, event, history and audit line.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count as counting

import asyncpg

from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import BATCHES_AT_ONCE, fire_timers
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from shared.messaging.sweep import sweep_once
from tests.bench.figures import Spread, spread
from tests.bench.rig import Rig
from tests.builders.routing import FRIDAY, MONDAY, catalogue, submitted_case, submitted_event
from tests.builders.routing_batches import follow
from tests.databases import Database

SIZES = (1_000_000, 10_000_000)
FIRING, LOOKS, ROUNDS = 1_000, 400, 5
CHUNK = 1_000_000
DUE = MONDAY + timedelta(seconds=1)
SAID_OF_A_CASE = 2
CODES = counting(1)
FAR = "timestamptz '2027-01-04 08:00+07'"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One city with so many open deadlines."""

    open: int
    database: Database
    pool: asyncpg.Pool


@dataclass(frozen=True, slots=True)
class Timed:
    """By number of open deadlines: seconds to fire the fixed number, and of one sweep that finds nothing."""

    fired: int
    firing: Mapping[int, Sequence[float]]
    empty: Mapping[int, Sequence[float]]

    def ratio(self, of: Mapping[int, Sequence[float]]) -> Spread:
        """The many over the few, round by round."""
        few, many = sorted(of)
        return spread([b / a for a, b in zip(of[few], of[many], strict=True)])

    def rows(self) -> list[tuple[str, ...]]:
        """As a table shows it."""
        firing, empty = self.ratio(self.firing), self.ratio(self.empty)
        return [
            self._row(f"firing {self.fired:,}, ms", self.firing, firing, 1.5),
            self._row("a sweep that finds nothing, ms", self.empty, empty, 1.1),
        ]

    @property
    def met(self) -> bool:
        """Whether both ratios stay under what is promised."""
        return self.ratio(self.firing).median <= 1.5 and self.ratio(self.empty).median <= 1.1

    def _row(
        self, name: str, of: Mapping[int, Sequence[float]], ratio: Spread, most: float
    ) -> tuple[str, ...]:
        few, many = (f"{1000 * spread(of[size]).median:,.2f}" for size in sorted(of))
        return name, few, many, f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})", f"≤ {most}"


async def run(
    rig: Rig,
    tell: Tell,
    *,
    sizes: Sequence[int] = SIZES,
    firing: int = FIRING,
    looks: int = LOOKS,
    rounds: int = ROUNDS,
) -> Timed:
    """Fill both cities, then measure them in turns."""
    async with rig.databases(len(sizes)) as made:
        sides = [
            Side(size, database, await create_pool(database.url("routing"), application="bench"))
            for size, database in zip(sizes, made, strict=True)
        ]
        try:
            for side in sides:
                tell(f"timers: {side.open:,} open deadlines are written")
                await _fill(side)
            return await _measured(sides, tell, firing, looks, rounds)
        finally:
            for side in sides:
                await side.pool.close()


async def _measured(sides: Sequence[Side], tell: Tell, firing: int, looks: int, rounds: int) -> Timed:
    fired: dict[int, list[float]] = {side.open: [] for side in sides}
    empty: dict[int, list[float]] = {side.open: [] for side in sides}
    for number in range(rounds + 1):
        for side in sides if number % 2 else reversed(sides):
            await hand_in(side, firing)
            seconds = await timed(_fire(side, firing))
            nothing = await timed(_look(side, looks)) / looks
            tell(f"timers: round {number} of {rounds}, {side.open:,} open: {1000 * seconds:,.0f} ms")
            if number:  # the first is for warming up
                fired[side.open].append(seconds)
                empty[side.open].append(nothing)
    return Timed(SAID_OF_A_CASE * firing, fired, empty)


async def timed(work: Awaitable[object]) -> float:
    """The seconds it took."""
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _fill(side: Side) -> None:
    """Rows whose instants lie far ahead, a second apart; their ids are random, as ids are."""
    connection = await asyncpg.connect(side.database.city_admin_url)
    try:
        for first in range(1, side.open + 1, CHUNK):
            last = min(first + CHUNK - 1, side.open)
            await connection.execute(
                f"""INSERT INTO routing.deadlines (about, root_id, scope, level, at)
                    SELECT gen_random_uuid(), gen_random_uuid(), 'task', 'breach',
                           {FAR} + n * interval '1 second'
                      FROM generate_series({first}, {last}) AS n""",  # noqa: S608
                timeout=900,
            )
        await connection.execute("VACUUM ANALYZE routing.deadlines", timeout=900)
        await connection.execute("CHECKPOINT", timeout=900)
    finally:
        await connection.close()


async def hand_in(side: Side, count: int) -> None:
    """So many dossiers on Friday, whose counter must answer on Monday; then it is Monday."""
    await side.database.set_clock(FRIDAY)
    async with transaction(side.pool) as tx:
        cases = [
            replace(submitted_case("building-permit-house"), code=f"H26.1-260306-{next(CODES):08}")
            for _ in range(count)
        ]
        await follow(tx, map(submitted_event, cases))
    await side.database.set_clock(DUE)


async def _fire(side: Side, count: int) -> None:
    found = await sweep_once(
        side.pool, partial(fire_timers, catalogue=CatalogueCache(catalogue())), at_once=BATCHES_AT_ONCE
    )
    if found != count:
        raise AssertionError(f"{found} of {count} were due")


async def _look(side: Side, times: int) -> None:
    due = partial(fire_timers, catalogue=CatalogueCache(catalogue()))
    for _ in range(times):
        if await sweep_once(side.pool, due, at_once=BATCHES_AT_ONCE):
            raise AssertionError("something was due")
