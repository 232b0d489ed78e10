"""One death and what became of it, and all deaths one after another."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import httpx

from tests.builders.wire import until
from tests.chaos.points.city import SETTLED_SECONDS, SmallCity
from tests.chaos.points.table import Point

DEATH_SECONDS = 30.0


@dataclass(frozen=True)
class Verdict:
    """What one death came to. `held` is how many messages were left in doubt, rightly."""

    point: Point
    against: Sequence[str]
    in_doubt: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Nothing speaks against it."""
        return not self.against


async def die_at(
    city: SmallCity, point: Point, following: Point | None = None, *, patience: float = SETTLED_SECONDS
) -> Verdict:
    """One death: the process is killed at the point while dossiers flow, comes back, and is judged.

    It comes back as its ordinary self; `following` is only what it may be told to die at later.
    """
    began, doubts = time.monotonic(), len(city.in_the_air)
    await _doom(city, point)
    errands = asyncio.create_task(city.errands.run())
    try:
        against = await _death(city, point)
        city.processes.signs.clear()
        city.processes.start(point.service, following)
        await city.processes.ready(point.service)
        slips = await errands
        if point.bug:
            await city.errands.replay_held()
        against += await city.settled(slips, seconds=patience)
    except (AssertionError, TimeoutError, RuntimeError) as failure:
        against = [f"{type(failure).__name__}: {failure}"]
    finally:
        errands.cancel()
        await asyncio.gather(errands, return_exceptions=True)
    return Verdict(point, against, len(city.in_the_air) - doubts, time.monotonic() - began)


async def _doom(city: SmallCity, point: Point) -> None:
    """Arm the running process, or start one anew that is armed from its first breath."""
    processes = city.processes
    if point.starting or processes.fate(point.service) is not point:
        processes.kill(point.service)
        if not point.starting:
            processes.start(point.service, point)
            await processes.ready(point.service)
    processes.signs.armed.touch()
    if point.starting:
        processes.start(point.service, point)


async def _death(city: SmallCity, point: Point) -> list[str]:
    """Wait until it is dead; complain unless it was killed, and by this point."""
    if point.replay:
        await _replay_once_mended(city)
    death = await city.processes.died(point.service, DEATH_SECONDS)
    if death is None:
        city.processes.kill(point.service)
        return ["the point was never reached"]
    if point.service == "notification":
        await city.note_what_is_in_the_air()
    right = death.exitcode == -signal.SIGKILL and death.point == point.name
    return [] if right else [f"ended with {death.exitcode} at {death.point!r}"]


async def _replay_once_mended(city: SmallCity) -> None:
    """The version with the bug holds what it cannot use; mended, it is asked to replay, and dies doing so."""

    async def holds_both_of_the_counter() -> bool:
        count = "SELECT count(DISTINCT key) FROM routing.held WHERE closed_at IS NULL"
        return await city.sql.fetchval(count) == 2

    await until(holds_both_of_the_counter, seconds=DEATH_SECONDS)
    city.processes.signs.mended.touch()
    with suppress(httpx.TransportError):  # cut by the death we wait for
        await city.errands.replay_held()


async def die_at_all(
    city: SmallCity, points: Sequence[Point], times: int, say: Callable[[Verdict], None]
) -> list[Verdict]:
    """Each point so many times, one death after another."""
    told: list[Verdict] = []
    deaths = list(points) * times
    for point, following in pairwise([*deaths, None]):
        if point is not None:
            told.append(await die_at(city, point, following if _same_service(point, following) else None))
            say(told[-1])
    return told


def _same_service(point: Point, following: Point | None) -> bool:
    return following is not None and following.service == point.service
