"""Our batch consumer beside aiokafka's own `getmany`, on a topic that is full already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from shared.events import topics
from tests.bench import cpu
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Measure, Sides


def beside_getmany(
    *, bare: bool, per_second: float
) -> Callable[[Rig, Effort], AbstractAsyncContextManager[Sides]]:
    """`bare`: the way in alone. Otherwise with a transaction and a row an event in both."""

    @asynccontextmanager
    async def stage(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
        async with AsyncExitStack() as stack:
            mine, raw = await stack.enter_async_context(rig.databases(2))
            count = effort.items(per_second, at_least=1200)
            filler = await stack.enter_async_context(
                rig.program("peers.raw_produce", "", kafka=rig.bootstrap)
            )
            told = {"kafka": rig.bootstrap, "bare": bare}
            ours = await stack.enter_async_context(
                rig.program("ours.consumer", "ours", **told, database=mine.url("routing"))
            )
            theirs = await stack.enter_async_context(
                rig.program("peers.raw_consume", "theirs", **told, database=raw.url("routing"))
            )
            yield Sides(
                _consume(rig, filler, ours, "ours", count), _consume(rig, filler, theirs, "theirs", count)
            )

    return stage


def _consume(rig: Rig, filler: Program, reader: Program, part: str, count: int) -> Measure:
    async def measure() -> Sample:
        prefix = rig.topics([topics.DOSSIER_EVENTS])
        await filler.ask(do="supply", count=count, prefix=prefix)
        await filler.ask(do="produce", prefix=prefix)
        before = rig.meter.read()
        said = await reader.ask(do="consume", count=count, prefix=prefix)
        spent = cpu.used(before, rig.meter.read())
        return Sample(
            said["count"], said["seconds"], {name: spent[name] for name in (part, "postgres", "kafka")}
        )

    return measure
