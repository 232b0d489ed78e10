"""A service that dies by SIGKILL exactly at one point: `python -m tests.chaos.points.doomed SERVICE`.

MOTCUA_CRASH_AT names the point (see `table.py`), MOTCUA_CRASH_SIGNS a folder of signs between it and whoever
watches. Until the file `armed` is there, the service is its ordinary self. Before it dies it writes the
point's name to `died`. A point marked `bug` makes routing fail on confirmations of income until the
file `mended` is there:
that is how a record becomes poison. Of one marked `slow_phones` receipts come only after their batch.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from shared.service.process import run_service
from tests.chaos.points.table import PLANTED, PLANTED_HEIR, POINTS, Point
from tests.chaos.replacing import replace

POISONOUS = "income-confirm-police"
QUICK_RECEIPTS = "services.notification.usecases.send_due:take_early"


class Signs:
    """Files by which a doomed process and its watcher understand each other."""

    def __init__(self, folder: Path) -> None:
        self.armed, self.mended, self.died = (folder / name for name in ("armed", "mended", "died"))

    def clear(self) -> None:
        """As before anything happened."""
        for sign in (self.armed, self.mended, self.died):
            sign.unlink(missing_ok=True)


def arm(point: Point, signs: Signs) -> None:
    """Put the death into the product's function, in this process only."""
    replace(point.where, Killer(point, signs).around)
    if point.bug:
        follow = "services.routing.usecases.apply_intake_events:apply_intake_events"
        replace(follow, lambda original: _failing(original, signs))
    if point.slow_phones:
        replace(QUICK_RECEIPTS, lambda _: _none_yet)
    if point.mutant:
        importlib.import_module("tests.chaos.mutants.table").infect(point.mutant)


async def _none_yet(*_: object) -> dict[str, str]:
    return {}


class Killer:
    """Wraps a function so that, once armed, its first pass that counts is this process's last."""

    def __init__(self, point: Point, signs: Signs) -> None:
        self._point, self._signs = point, signs

    def around(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The function with death before, after, or after its promise was kept."""
        return self._slow(original) if asyncio.iscoroutinefunction(original) else self._quick(original)

    def _slow(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        async def wrapped(*arguments: Any, **named: Any) -> Any:
            passed = (*arguments, *named.values())
            self._die("before", passed)
            result = await original(*arguments, **named)
            self._die("after", passed, result)
            if self._point.moment == "acknowledged":
                await result
                self._die("acknowledged", passed, result)
            return result

        return wrapped

    def _quick(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def wrapped(*arguments: Any, **named: Any) -> Any:
            passed = (*arguments, *named.values())
            self._die("before", passed)
            result = original(*arguments, **named)
            self._die("after", passed, result)
            return result

        return wrapped

    def _die(self, moment: str, passed: Sequence[Any], result: Any = None) -> None:
        right = moment == self._point.moment and self._point.only(passed, result)
        if right and self._signs.armed.exists():
            self._signs.died.write_text(self._point.name, "utf-8")
            os.kill(os.getpid(), signal.SIGKILL)


def _failing(original: Callable[..., Any], signs: Signs) -> Callable[..., Any]:
    def has_the_bug() -> bool:
        return signs.armed.exists() and not signs.mended.exists()

    @wraps(original)
    async def wrapped(tx: Any, batch: Any, book: Any) -> None:
        codes = (event.procedure.code for event in batch.events if event.procedure is not None)
        if POISONOUS in codes and has_the_bug():
            raise ValueError("a bug of this version: it cannot use confirmations of income")
        await original(tx, batch, book)

    return wrapped


def main(service: str) -> None:
    """Run the service; what it must know is in the environment."""
    running = importlib.import_module(f"services.{service}.main").running
    settings = getattr(importlib.import_module(f"services.{service}.config"), f"{service.title()}Settings")
    at = os.environ.get("MOTCUA_CRASH_AT")
    if at:
        [point] = [point for point in (*POINTS, PLANTED, PLANTED_HEIR) if point.name == at]
        arm(point, Signs(Path(os.environ["MOTCUA_CRASH_SIGNS"])))
    run_service(settings, running)


if __name__ == "__main__":
    main(sys.argv[1])
