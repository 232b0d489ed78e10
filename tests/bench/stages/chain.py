"""From a citizen's POST to the agencies' topics, all twenty of them, with everything on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from deploy.local.ports import free_port
from shared.events import topics
from tests.bench import catalogue
from tests.bench.catalogue import write_catalogue
from tests.bench.ends import Ends, ends, party_topics
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.services import drained, service
from tests.bench.stage import Effort, Measure, Sides
from tests.bench.stages.intake import created
from tests.databases import Database

CONNECTIONS = 256
EXPECTED, EXPECTED_USUAL = 800.0, 200.0
"""Dossiers a second a side is expected to manage: decides how many are brought."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Something that takes dossiers at a port and fills the parties' topics."""

    ends: Ends
    port: int
    parts: tuple[str, ...]
    prefix: str
    database: Database


@asynccontextmanager
async def usual(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """Beside one transaction and one publish a message."""
    async with AsyncExitStack() as stack:
        load = await http_load(rig, stack)
        ours = await with_http(rig, effort, stack, load)
        tuned = await _usual(rig, effort, stack, load, tuned=True)
        others = {} if effort.quick else {"untuned": await _usual(rig, effort, stack, load, tuned=False)}
        yield Sides(ours, tuned, others)


@asynccontextmanager
async def parts(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """Without HTTP, all stages at once; beside each alone, if all processors did nothing but their work."""
    async with AsyncExitStack() as stack:
        yield Sides(await without_http(rig, effort, stack), _one_by_one(rig, effort))


@asynccontextmanager
async def http(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """What HTTP takes away from the chain."""
    async with AsyncExitStack() as stack:
        load = await http_load(rig, stack)
        yield Sides(await with_http(rig, effort, stack, load), await without_http(rig, effort, stack))


async def http_load(rig: Rig, stack: AsyncExitStack) -> Program:
    """A client with dossiers for every party."""
    return await stack.enter_async_context(rig.program("http_load", "", bodies=catalogue.bodies()))


async def with_http(rig: Rig, effort: Effort, stack: AsyncExitStack, load: Program) -> Measure:
    """The real services."""
    return posted(rig, load, await services(rig, effort, stack), effort.items(EXPECTED))


async def services(rig: Rig, effort: Effort, stack: AsyncExitStack) -> Chain:
    """Intake and routing as processes."""
    return await rig.once("services", stack, lambda own: _start(rig, effort, own), quick=effort.quick)


async def _start(rig: Rig, effort: Effort, stack: AsyncExitStack) -> Chain:
    folder = write_catalogue(rig.folder / "catalogue")
    [database] = await stack.enter_async_context(rig.databases(1))
    prefix = rig.topics([*topics.SERVICE_TOPICS, *party_topics(quick=effort.quick)])
    told = {"MOTCUA_CATALOGUE_DIR": str(folder)}
    await stack.enter_async_context(service(rig, "routing", database, prefix, told))
    port = await stack.enter_async_context(service(rig, "intake", database, prefix))
    watched = await stack.enter_async_context(ends(rig.bootstrap, prefix))
    return Chain(watched, port, ("intake", "routing"), prefix, database)


async def without_http(rig: Rig, effort: Effort, stack: AsyncExitStack) -> Measure:
    """The use case with its relay, and the real routing."""
    return await rig.once("filing", stack, lambda own: _start_filing(rig, effort, own), quick=effort.quick)


async def _start_filing(rig: Rig, effort: Effort, stack: AsyncExitStack) -> Measure:
    folder = write_catalogue(rig.folder / "catalogue")
    [database] = await stack.enter_async_context(rig.databases(1))
    prefix = rig.topics([*topics.SERVICE_TOPICS, *party_topics(quick=effort.quick)])
    told = {"MOTCUA_CATALOGUE_DIR": str(folder)}
    await stack.enter_async_context(service(rig, "routing", database, prefix, told))
    filer = await stack.enter_async_context(
        rig.program("ours.file", "filing", **_filer(rig, database, prefix, relay=True))
    )
    watched = await stack.enter_async_context(ends(rig.bootstrap, prefix))

    async def measure() -> Sample:
        count = effort.items(EXPECTED)
        await filer.ask(do="supply", count=count)
        before = await watched.total()

        async def work() -> int:
            await filer.ask(do="file")
            await watched.grown_to(before + count)
            return count

        return await rig.timed(work, ["filing", "routing"])

    return measure


def _one_by_one(rig: Rig, effort: Effort) -> Measure:
    """The stages after one another; the seconds are what all of them would take with every core busy."""

    async def measure() -> Sample:
        cost = await stage_costs(rig, effort)
        total = sum(cost.values())
        return Sample(effort.items(EXPECTED), total / (os.cpu_count() or 1), cost)

    return measure


async def stage_costs(rig: Rig, effort: Effort, *, without: Sequence[str] = ()) -> dict[str, float]:
    """Processor seconds of filing, its relay, routing and its relay, for `effort`'s number of dossiers.

    Named `<stage> <part>`: `file postgres`, `relay kafka`, …
    """
    count, costs = effort.items(EXPECTED), dict[str, float]()
    folder = str(write_catalogue(rig.folder / "catalogue"))
    async with rig.databases(1) as [database]:
        prefix = rig.topics([*topics.SERVICE_TOPICS, *party_topics(quick=effort.quick)])
        filer = _filer(rig, database, prefix, relay=False) | {"without": without}
        async with rig.program("ours.file", "file", **filer) as filing:
            await filing.ask(do="supply", count=count)
            _add(costs, "file", await rig.timed(lambda: _count(filing, "file"), ["file"]))
            del costs["file kafka"]  # idle: filing does not speak to it
        for source, stage in (("intake", "relay"), ("routing", "hand out")):
            if source == "routing":
                told = {"database": database.url("routing"), "kafka": rig.bootstrap, "prefix": prefix}
                async with rig.program(
                    "ours.route", "route", **told, catalogue=folder, without=without
                ) as routing:
                    work = await rig.timed(lambda: _count(routing, "route", count), ["route"])
                    _add(costs, "route", work)
            url = database.url(source)
            told = {"database": url, "kafka": rig.bootstrap, "source": source, "prefix": prefix}
            _add(costs, stage, await _relay(rig, stage, told))
    return costs


async def _relay(rig: Rig, part: str, told: dict[str, str]) -> Sample:
    async def work() -> int:
        await drained(told["database"])
        return 1

    async with rig.program("ours.relay", part, **told):
        return await rig.timed(work, [part])


async def _count(program: Program, do: str, count: int = 0) -> int:
    return (await program.ask(do=do, count=count))["count"]


def _add(costs: dict[str, float], stage: str, sample: Sample) -> None:
    for part, seconds in sample.cpu.items():
        costs[stage if part == stage else f"{stage} {part}"] = seconds


def _filer(rig: Rig, database: Database, prefix: str, *, relay: bool) -> dict[str, Any]:
    return {
        "catalogue": str(write_catalogue(rig.folder / "catalogue")),
        "database": database.url("intake"),
        "keyring": database.url("keyring"),
        "kafka": rig.bootstrap,
        "prefix": prefix,
        "relay": relay,
        "bodies": catalogue.bodies(),
    }


async def _usual(rig: Rig, effort: Effort, stack: AsyncExitStack, load: Program, *, tuned: bool) -> Measure:
    [database] = await stack.enter_async_context(rig.databases(1))
    prefix, port = rig.topics([topics.DOSSIER_EVENTS, *party_topics(quick=effort.quick)]), free_port()
    name = "usual" if tuned else "untuned"
    told = {"kafka": rig.bootstrap, "prefix": prefix, "tuned": tuned}
    routing = told | {"database": database.url("routing")}
    await stack.enter_async_context(rig.program("peers.usual_routing", f"{name} routing", **routing))
    intake = told | {"database": database.url("intake"), "port": port}
    intake["topic"] = prefix + topics.DOSSIER_EVENTS.name
    await stack.enter_async_context(rig.program("peers.usual_intake", f"{name} intake", **intake))
    watched = await stack.enter_async_context(ends(rig.bootstrap, prefix))
    chain = Chain(watched, port, (f"{name} intake", f"{name} routing"), prefix, database)
    return posted(rig, load, chain, effort.items(EXPECTED_USUAL))


def posted(rig: Rig, load: Program, chain: Chain, count: int) -> Measure:
    """So many POSTs over 256 connections, until each has its task on its party's topic."""

    async def measure() -> Sample:
        await load.ask(do="supply", count=count)
        before = await chain.ends.total()

        async def work() -> int:
            said = await load.ask(do="flood", port=chain.port, connections=CONNECTIONS, seconds=600)
            await chain.ends.grown_to(before + created(said))
            return created(said)

        return await rig.timed(work, chain.parts)

    return measure
