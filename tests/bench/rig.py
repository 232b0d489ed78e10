"""Real servers for a bench, as durable as in a city: fsync on, commits waited for."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psutil

from deploy.local.servers import kafka, postgres
from deploy.local.servers.topics import create_topics
from shared.clock import CITY_TZ
from shared.events.topics import Topic
from tests import databases
from tests.bench import cpu
from tests.bench.figures import Sample
from tests.bench.program import UNTUNED, Program, program
from tests.databases import Database

T = TypeVar("T")
CITY_AT = datetime(2026, 2, 4, 10, 0, tzinfo=CITY_TZ)
"""The generated dossiers are all in order on that day."""


@dataclass
class Rig:
    """PostgreSQL, Kafka, and a meter over everything that works."""

    folder: Path
    admin_url: str
    bootstrap: str
    meter: cpu.Meter
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Ends with the rig."""
    kept: dict[str, Any] = field(default_factory=dict)

    async def database(self) -> Database:
        """A fresh copy of all schemas; the city's clock stands. Dropped with the rig."""
        made = await databases.copy_of_templates(self.admin_url)
        await made.set_clock(CITY_AT)
        return made

    @asynccontextmanager
    async def databases(self, count: int) -> AsyncIterator[list[Database]]:
        """So many fresh databases, dropped afterwards."""
        made = [await self.database() for _ in range(count)]
        try:
            yield made
        finally:
            for one in made:
                await one.drop()

    async def once(
        self,
        name: str,
        stack: AsyncExitStack,
        start: Callable[[AsyncExitStack], Awaitable[T]],
        *,
        quick: bool,
    ) -> T:
        """Started for one stage, ended with its stack; in a quick run started once for all stages."""
        if not quick:
            return await start(stack)
        if name not in self.kept:
            self.kept[name] = await start(self.stack)
        return self.kept[name]

    def topics(self, wanted: Sequence[Topic]) -> str:
        """Make these topics under a prefix of their own; the prefix."""
        prefix = f"b{uuid4().hex[:8]}."
        create_topics(self.bootstrap, [replace(topic, name=prefix + topic.name) for topic in wanted])
        return prefix

    @asynccontextmanager
    async def program(self, module: str, part: str, **setup: Any) -> AsyncIterator[Program]:
        """A program of `tests.bench`; its processor time counts under `part` (empty: it does not)."""
        log = self.folder / "logs" / f"{module.rsplit('.', 1)[-1]}.log"
        argv = () if setup.get("tuned", True) else (UNTUNED,)
        async with program(f"tests.bench.{module}", log, setup, argv) as started:
            with self.watching(part, started.pid):
                yield started

    @contextmanager
    def watching(self, part: str, pid: int) -> Iterator[None]:
        """Count a process under a name while the block lasts."""
        if not part:
            yield
            return
        self.meter.watch(part, pid)
        try:
            yield
        finally:
            self.meter.forget(part, pid)

    async def timed(self, work: Callable[[], Awaitable[int]], parts: Sequence[str]) -> Sample:
        """What a piece of work came to: the items it says it did, its time, its parts' processor time."""
        before, begun = self.meter.read(), time.perf_counter()
        items = await work()
        seconds, after = time.perf_counter() - begun, self.meter.read()
        spent = cpu.used(before, after)
        return Sample(items, seconds, {part: spent[part] for part in (*parts, "postgres", "kafka")})


@asynccontextmanager
async def rig(folder: Path) -> AsyncIterator[Rig]:
    """Both servers in this folder, with every service's schema as a template."""
    meter = cpu.Meter()
    durable = postgres.running(folder / "postgres", throw_away=False)
    with (
        _server(meter, "postgres", durable) as database,
        _server(meter, "kafka", kafka.running(folder / "kafka")) as broker,
    ):
        await databases.build_templates(database.url)
        made = Rig(folder, database.url, broker.bootstrap, meter)
        async with made.stack:
            yield made


@contextmanager
def _server(meter: cpu.Meter, part: str, starting: Any) -> Iterator[Any]:
    """Enter, and watch whatever child of ours is new and lives on."""
    me = psutil.Process(os.getpid())
    before = {child.pid for child in me.children()}
    with starting as server:
        new = [child.pid for child in me.children() if child.pid not in before]
        meter.watch(part, new[-1])
        yield server
