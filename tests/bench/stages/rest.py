"""How long one dossier takes from its POST to its agency's topic, at rest and at a tenth of the full rate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.bench import catalogue
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Measure, Sides
from tests.bench.stages.chain import http_load, posted, services

PAUSE_SECONDS = 0.05
LOAD_SHARE = 0.10


@asynccontextmanager
async def at_rest(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """One dossier at a time."""
    async with AsyncExitStack() as stack:
        both, _ = await _ends(rig, effort, stack)
        count = effort.items(8, at_least=5)
        yield Sides(
            _latencies(both, "rest", count, pause=PAUSE_SECONDS),
            _latencies(both, "floor", count, pause=PAUSE_SECONDS),
        )


@asynccontextmanager
async def loaded(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """At a tenth of the rate the same services manage, measured first."""
    async with AsyncExitStack() as stack:
        both, full = await _ends(rig, effort, stack, full=effort.items(400))
        rate = LOAD_SHARE * full
        yield Sides(
            _latencies(both, "load", max(20, int(rate * effort.seconds)), rate=rate),
            _latencies(both, "floor", effort.items(8, at_least=5), pause=PAUSE_SECONDS),
        )


async def _ends(rig: Rig, effort: Effort, stack: AsyncExitStack, *, full: int = 200) -> tuple[Program, float]:
    """The services, warm, with a client at both ends; and the full rate over that many dossiers."""
    chain = await services(rig, effort, stack)
    load = await http_load(rig, stack)
    warm = posted(rig, load, chain, full)
    await warm()
    rate = (await warm()).per_second
    told = {"kafka": rig.bootstrap, "prefix": chain.prefix, "port": chain.port}
    told |= {"database": chain.database.url("intake"), "bodies": catalogue.bodies()}
    return await stack.enter_async_context(rig.program("latency", "", **told)), rate


def _latencies(both: Program, do: str, count: int, **more: float) -> Measure:
    async def measure() -> Sample:
        seen = (await both.ask(do=do, count=count, **more))["latencies"]
        return Sample(len(seen), sum(seen), latencies=seen)

    return measure
