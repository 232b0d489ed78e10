"""The relay beside the raw producer, and beside a library that does the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from shared.events import topics
from tests.bench.events import COLUMNS, made
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.services import drained
from tests.bench.stage import Effort, Measure, Sides


@asynccontextmanager
async def raw(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """Rows of the outbox to Kafka and gone; and the same records from memory to Kafka."""
    async with AsyncExitStack() as stack:
        ours = await _ours(rig, effort, stack, per_second=15_000)
        prefix = rig.topics([topics.DOSSIER_EVENTS])
        producer = await stack.enter_async_context(
            rig.program("peers.raw_produce", "theirs", kafka=rig.bootstrap)
        )
        yield Sides(ours, _produce(rig, producer, prefix, effort.items(20_000)))


@asynccontextmanager
async def library(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """Rows of an outbox to Kafka and gone, in both."""
    async with AsyncExitStack() as stack:
        ours = await _ours(rig, effort, stack, per_second=15_000)
        [tuned, plain] = await stack.enter_async_context(rig.databases(2))
        prefix = rig.topics([topics.DOSSIER_EVENTS])
        theirs = await _library(rig, stack, tuned.url("intake"), prefix, tuned=True)
        untuned = await _library(rig, stack, plain.url("intake"), prefix, tuned=False)
        yield Sides(
            ours,
            _relayed(rig, theirs, tuned.url("intake"), "theirs", effort.items(600)),
            {"untuned": _relayed(rig, untuned, plain.url("intake"), "untuned", effort.items(8, at_least=30))},
        )


async def _ours(rig: Rig, effort: Effort, stack: AsyncExitStack, *, per_second: float) -> Measure:
    [database] = await stack.enter_async_context(rig.databases(1))
    url, prefix = database.url("intake"), rig.topics([topics.DOSSIER_EVENTS])
    told = {"database": url, "kafka": rig.bootstrap, "source": "intake", "prefix": prefix}
    await stack.enter_async_context(rig.program("ours.relay", "ours", **told))
    count = effort.items(per_second)

    async def measure() -> Sample:
        connection = await asyncpg.connect(url)
        filling = connection.transaction()
        await filling.start()
        rows = [event.row() for event in made(count)]
        await connection.copy_records_to_table("outbox", columns=COLUMNS, records=rows)
        await connection.execute("SELECT pg_notify('outbox.' || current_schema(), '')")

        async def work() -> int:
            await filling.commit()
            await drained(url)
            return count

        sample = await rig.timed(work, ["ours"])
        await connection.close()
        return sample

    return measure


def _produce(rig: Rig, producer: Program, prefix: str, count: int) -> Measure:
    async def measure() -> Sample:
        await producer.ask(do="supply", count=count, prefix=prefix)

        async def work() -> int:
            return (await producer.ask(do="produce", prefix=prefix))["count"]

        return await rig.timed(work, ["theirs"])

    return measure


async def _library(rig: Rig, stack: AsyncExitStack, url: str, prefix: str, *, tuned: bool) -> Program:
    told = {"database": url, "kafka": rig.bootstrap, "prefix": prefix, "tuned": tuned}
    part = "theirs" if tuned else "untuned"
    return await stack.enter_async_context(rig.program("peers.library_outbox", part, **told))


def _relayed(rig: Rig, relay: Program, url: str, part: str, count: int) -> Measure:
    async def measure() -> Sample:
        await relay.ask(do="fill", count=count)

        async def work() -> int:
            await relay.ask(do="commit")
            await drained(url, "library_outbox")
            return count

        return await rig.timed(work, [part])

    return measure
