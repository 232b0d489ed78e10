"""A long run at half speed: does anything grow, does anything get lost, with or without years of history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import asyncpg
import psutil

from deploy.local.ports import free_port
from tests.bench import history
from tests.bench.ends import Ends
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.services import drained, service
from tests.bench.stage import Effort
from tests.bench.stages import chain

SLICE_SECONDS = 10.0
SHARE = 0.5
SERVICES = ("intake", "routing", "notification")
GROWTH = 0.10
Tell = Callable[[str], None]

_TABLES = """
SELECT coalesce(sum(n_dead_tup) FILTER (WHERE relname = 'outbox'), 0)::bigint AS outbox_dead,
       coalesce(sum(n_dead_tup), 0)::bigint AS dead FROM pg_stat_user_tables"""


@dataclass(frozen=True, slots=True)
class Look:
    """What one slice of the soak showed."""

    filed_per_second: float
    arrived: int
    p50_ms: float
    outbox_rows: int
    outbox_dead: int
    dead: int
    pss: Mapping[str, int]


@dataclass
class Soak:
    """All slices, and the account at the end."""

    full_per_second: float
    history_bytes: int = 0
    looks: list[Look] = field(default_factory=list)
    filed: int = 0
    arrived: int = 0
    refused: int = 0

    @property
    def lost(self) -> int:
        """Accepted dossiers whose task never came to its party's topic."""
        return self.filed - self.arrived

    def growth(self, figure: Callable[[Look], float]) -> tuple[float, float]:
        """A figure's median in the first third of the slices (but the very first), and in the last."""
        steady = self.looks[1:] or self.looks
        third = max(1, len(steady) // 3)
        return median(map(figure, steady[:third])), median(map(figure, steady[-third:]))


async def run(rig: Rig, minutes: float, rows: int, tell: Tell) -> Soak:
    """Fill, find the full speed, then keep half of it for so long."""
    async with AsyncExitStack() as stack:
        effort = Effort(1, 8.0)
        running = await chain.services(rig, effort, stack)
        await _notification(rig, running, stack)
        size = 0
        if rows:
            tell(f"soak: filling {rows:,} rows of history")
            size = await history.fill(running.database, rows, rig.folder)
            tell(f"soak: they take {size / 2**30:.1f} GiB")
        load = await chain.http_load(rig, stack)
        flood = chain.posted(rig, load, running, effort.items(400))
        await flood()
        soak = Soak((await flood()).per_second, size)
        tell(f"soak: full speed {soak.full_per_second:.0f} dossiers a second, kept at half")
        before = await running.ends.total()
        for number in range(max(2, round(60 * minutes / SLICE_SECONDS))):
            look = await _slice(rig, soak, running, load, before)
            soak.looks.append(look)
            tell(_line(number, look))
        await _settle(running, before, soak)
    return soak


async def _notification(rig: Rig, running: chain.Chain, stack: AsyncExitStack) -> None:
    """The third service, with a text centre that takes everything."""
    port = free_port()
    await stack.enter_async_context(rig.program("sink", "sink", port=port))
    told = {"MOTCUA_SMPP_PORT": str(port)}
    await stack.enter_async_context(service(rig, "notification", running.database, running.prefix, told))


async def _slice(rig: Rig, soak: Soak, running: chain.Chain, load: Program, before: int) -> Look:
    rate = SHARE * soak.full_per_second
    await load.ask(do="supply", count=int(rate * SLICE_SECONDS))
    said = await load.ask(do="pace", port=running.port, rate=rate, seconds=SLICE_SECONDS)
    filed = said["statuses"].get("201", 0)
    soak.filed += filed
    soak.refused += sum(said["statuses"].values()) - filed
    tables = await _tables(running)
    return Look(
        filed / said["seconds"],
        await running.ends.total() - before,
        1000 * median(said["latencies"]),
        *tables,
        {part: sum(map(_pss, pids)) for part, pids in rig.meter.parts.items() if pids},
    )


async def _settle(running: chain.Chain, before: int, soak: Soak) -> None:
    """Give what is under way its time, then count."""
    for name in SERVICES:
        await drained(running.database.url(name))
    with suppress(TimeoutError):
        await _grown(running.ends, before + soak.filed)
    soak.arrived = await running.ends.total() - before


async def _grown(ends: Ends, count: int) -> None:
    await ends.grown_to(count, seconds=60)
    await asyncio.sleep(0.5)  # and nothing beyond


async def _tables(running: chain.Chain) -> tuple[int, int, int]:
    connection = await asyncpg.connect(running.database.city_admin_url)
    try:
        rows = [
            await connection.fetchval(f"SELECT count(*) FROM {name}.outbox")  # noqa: S608  (our own names)
            for name in SERVICES
        ]
        seen: Any = await connection.fetchrow(_TABLES)
    finally:
        await connection.close()
    return sum(rows), seen["outbox_dead"], seen["dead"]


def _pss(pid: int) -> int:
    """Proportional memory of a process and its children; one that ends meanwhile counts nothing."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return sum(map(_pss_of_one, [process, *process.children(recursive=True)]))
    return 0


def _pss_of_one(process: psutil.Process) -> int:
    with suppress(psutil.Error, OSError):
        return int(getattr(process.memory_full_info(), "pss", 0))
    return 0


def _line(number: int, look: Look) -> str:
    memory = ", ".join(f"{part} {size / 2**20:.0f}" for part, size in look.pss.items())
    return (
        f"soak: {(number + 1) * SLICE_SECONDS:.0f} s: {look.filed_per_second:.0f}/s, "
        f"p50 {look.p50_ms:.0f} ms, "
        f"outbox {look.outbox_rows}, its dead {look.outbox_dead}; MiB: {memory}"
    )


def rows(soak: Soak) -> Sequence[tuple[str, str, str, str]]:
    """The verdict: figure, first third, last third, and whether it is flat."""
    figures: list[tuple[str, Callable[[Look], float], float]] = [
        ("dossiers a second", lambda look: look.filed_per_second, 0.0),
        ("p50 of a POST, ms", lambda look: look.p50_ms, 20.0),
        ("rows in outboxes", lambda look: look.outbox_rows, 2000.0),
        ("dead rows of outboxes", lambda look: look.outbox_dead, 20_000.0),
    ]
    found = [_row(name, *soak.growth(figure), allowed) for name, figure, allowed in figures]
    for part in soak.looks[-1].pss:
        first, last = soak.growth(lambda look, part=part: look.pss.get(part, 0) / 2**20)
        found.append(_row(f"memory of {part}, MiB", first, last, 8.0))
    return found


def _row(name: str, first: float, last: float, allowed: float) -> tuple[str, str, str, str]:
    flat = last <= first * (1 + GROWTH) + allowed
    return name, f"{first:,.0f}", f"{last:,.0f}", "flat" if flat else "GROWS"
