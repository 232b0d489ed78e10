"""A measured program: a process of its own that obeys one JSON line at a time and answers with one."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

ROOT = Path(__file__).parents[2]
Obey = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Main = Callable[[dict[str, Any]], AbstractAsyncContextManager[Obey]]
LONGEST_LINE = 2**26
UNTUNED = "untuned"
"""As an argument of a twin: every default left alone, the event loop too."""


class ProgramFailedError(RuntimeError):
    """It ended, or said what went wrong; the message names its log."""


@dataclass
class Program:
    """The parent's end."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    async def ask(self, **order: Any) -> dict[str, Any]:
        """Send an order, wait for its answer."""
        writer, reader = self.process.stdin, self.process.stdout
        if writer is None or reader is None:
            raise ProgramFailedError(f"{self.name} has no pipes")
        writer.write(json.dumps(order).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
        if not line:
            raise ProgramFailedError(f"{self.name} ended: {self.log}\n{self.log.read_text()[-2000:]}")
        return json.loads(line)

    async def stop(self) -> None:
        """Close its input, which ends it."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(15):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def program(
    module: str, log: Path, setup: Mapping[str, Any] | None = None, argv: tuple[str, ...] = ()
) -> AsyncIterator[Program]:
    """`python -m module` with this setup, ready to obey; it ends with us, since its input closes."""
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *argv,
            env=environment,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=LONGEST_LINE,
        )
    started = Program(module.rsplit(".", 1)[-1], process, log)
    try:
        await started.ask(**dict(setup or {}))
        yield started
    finally:
        await started.stop()


def obey(main: Main, *, loop: str = "uvloop") -> None:
    """The child's end: `main(setup)` yields the function that obeys orders; no more input ends it."""
    run = uvloop.run if loop == "uvloop" else asyncio.run
    run(_serve(main))


async def _serve(main: Main) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes to the log, not between our answers
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer
    )
    async with main(json.loads(await reader.readline())) as act:
        print("{}", file=answers, flush=True)
        while line := await reader.readline():
            print(json.dumps(await act(json.loads(line))), file=answers, flush=True)
