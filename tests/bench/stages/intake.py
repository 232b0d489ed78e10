"""The door over HTTP, beside itself without a database and beside the usual way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from deploy.local.ports import free_port
from shared.catalogue.loading.load import load_folder
from shared.events import topics
from tests.bench import bodies
from tests.bench.catalogue import catalogue, write_catalogue
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import CITY_AT, Rig
from tests.bench.services import drained, give_catalogue, service
from tests.bench.stage import Effort, Measure, Sides

CONNECTIONS = 64


@asynccontextmanager
async def durable(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """The same app over real tables and over none: what durability costs."""
    folder = write_catalogue(rig.folder / "catalogue")
    async with AsyncExitStack() as stack:
        [database] = await stack.enter_async_context(rig.databases(1))
        load = await _load(rig, effort, stack)
        ours, theirs = free_port(), free_port()
        door = {
            "catalogue": str(folder),
            "database": database.url("intake"),
            "keyring": database.url("keyring"),
        }
        await stack.enter_async_context(rig.program("ours.door", "ours", **door, port=ours))
        bare = {"catalogue": str(folder), "database": None}
        await stack.enter_async_context(rig.program("ours.door", "theirs", **bare, port=theirs))
        yield Sides(_flood(rig, load, effort, ours, "ours"), _flood(rig, load, effort, theirs, "theirs"))


@asynccontextmanager
async def usual(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """The real service until its last event is on Kafka, and the usual one publish a request."""
    folder = write_catalogue(rig.folder / "catalogue")
    async with AsyncExitStack() as stack:
        [mine, tuned, plain] = await stack.enter_async_context(rig.databases(3))
        await give_catalogue(mine, load_folder(folder))
        load = await _load(rig, effort, stack)
        prefix = rig.topics(topics.SERVICE_TOPICS)
        port = await stack.enter_async_context(service(rig, "intake", mine, prefix))
        fast = await _twin(rig, stack, tuned.url("intake"), prefix, tuned=True)
        slow = await _twin(rig, stack, plain.url("intake"), prefix, tuned=False)
        ours = _flood(rig, load, effort, port, "intake", until_sent=mine.url("intake"))
        yield Sides(
            ours,
            _flood(rig, load, effort, fast, "theirs"),
            {"untuned": _flood(rig, load, effort, slow, "untuned")},
        )


async def _load(rig: Rig, effort: Effort, stack: AsyncExitStack) -> Program:
    known = catalogue(write_catalogue(rig.folder / "catalogue"))
    return await stack.enter_async_context(rig.program("http_load", "", bodies=bodies.bodies(known, CITY_AT)))


async def _twin(rig: Rig, stack: AsyncExitStack, url: str, prefix: str, *, tuned: bool) -> int:
    port, part = free_port(), "theirs" if tuned else "untuned"
    told = {"database": url, "kafka": rig.bootstrap, "topic": prefix + topics.DOSSIER_EVENTS.name}
    await stack.enter_async_context(rig.program("peers.usual_intake", part, **told, port=port, tuned=tuned))
    return port


def _flood(
    rig: Rig, load: Program, effort: Effort, port: int, part: str, *, until_sent: str | None = None
) -> Measure:
    async def measure() -> Sample:
        await load.ask(do="supply", count=effort.items(8000))
        said: dict[str, Any] = {}

        async def work() -> int:
            said.update(
                await load.ask(do="flood", port=port, connections=CONNECTIONS, seconds=effort.seconds)
            )
            if until_sent is not None:
                await drained(until_sent)
            return created(said)

        return await rig.timed(work, [part])

    return measure


def created(said: dict[str, Any]) -> int:
    """How many were filed; anything but 201 is a fault of the bench."""
    if set(said["statuses"]) != {"201"}:
        raise RuntimeError(f"the door answered {said['statuses']}")
    return said["statuses"]["201"]
