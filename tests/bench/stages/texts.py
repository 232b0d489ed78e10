"""Texts over SMPP: sealed words from the database, each outcome written down, beside a bare client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from deploy.local.ports import free_port
from tests.bench.figures import Sample
from tests.bench.program import Program
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Measure, Sides


@asynccontextmanager
async def bare_client(rig: Rig, effort: Effort) -> AsyncIterator[Sides]:
    """Against one and the same text centre."""
    async with AsyncExitStack() as stack:
        [database] = await stack.enter_async_context(rig.databases(1))
        port = free_port()
        await stack.enter_async_context(rig.program("sink", "", port=port))
        told = {"database": database.url("notification"), "keyring": database.url("keyring"), "port": port}
        ours = await stack.enter_async_context(rig.program("ours.texts", "ours", **told))
        theirs = await _bare(rig, stack, "theirs", port, tuned=True)
        others: dict[str, Measure] = {}
        count = effort.items(400, at_least=60)
        if not effort.quick:
            plain = await _bare(rig, stack, "untuned", port, tuned=False)
            others["untuned"] = _send(rig, plain, "untuned", count, plan=False)
        yield Sides(
            _send(rig, ours, "ours", count, plan=True),
            _send(rig, theirs, "theirs", count, plan=False),
            others,
        )


async def _bare(rig: Rig, stack: AsyncExitStack, part: str, port: int, *, tuned: bool) -> Program:
    return await stack.enter_async_context(rig.program("peers.bare_texts", part, port=port, tuned=tuned))


def _send(rig: Rig, sender: Program, part: str, count: int, *, plan: bool) -> Measure:
    async def measure() -> Sample:
        if plan:
            await sender.ask(do="plan", count=count)

        async def work() -> int:
            return (await sender.ask(do="send", count=count))["count"]

        return await rig.timed(work, [part])

    return measure
