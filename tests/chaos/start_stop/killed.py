"""The launcher dies with -9: nothing of its stack outlives it, and the next start is whole."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
from rich.console import Console

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.local import worlds
from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.launching.leftovers import end_leftovers, tagged
from deploy.local.stack import Stack
from tests.chaos.environment import told
from tests.chaos.start_stop.moments import Moment
from tests.e2e.town import Slip, Town

MORNING = "2026-03-06T09:00:00+07:00"
GONE_SECONDS = 15.0
START_SECONDS = 9.0
"""A guess for the first; each later kill goes by what the start before it took."""


@dataclass(frozen=True)
class Seen:
    """What one kill left behind, and how the next start went."""

    moment: Moment
    phase: str
    gone_after: float
    orphans: Sequence[str]
    ready_after: float
    why: str = ""

    @property
    def holds(self) -> bool:
        """No orphan, and ready again with a dossier filed."""
        return not self.orphans and not self.why

    def line(self) -> str:
        """For the reader."""
        ends = (
            f"orphans: {', '.join(self.orphans)}" if self.orphans else f"all gone in {self.gone_after:.1f} s"
        )
        next_ = self.why or f"ready {self.ready_after:.1f} s after the next start, a dossier filed"
        return f"killed at {self.moment} ({self.phase}): {ends}; {next_}"


def kill_at_each(moments: Sequence[Moment], place: Home, console: Console) -> Finding:
    """One after another; after each the stack is started again and left running for those that need it."""
    with told(MOTCUA_HOME=str(place.folder)):
        finding = _kill_at_each(moments, place, console)
    if finding.holds:
        worlds.forget(place)
    return finding


def _kill_at_each(moments: Sequence[Moment], place: Home, console: Console) -> Finding:
    launcher: subprocess.Popen[bytes] | None = None
    kept: list[Slip] = []
    against: list[str] = []
    start_seconds = START_SECONDS
    try:
        for moment in moments:
            if moment.first_start or launcher is None:
                control.stop(place)
                _reap(launcher)
                worlds.forget(place)
                kept.clear()
                launcher = control.start_launcher(place, MORNING, tied=False)
            if not moment.first_start:
                control.follow(place, launcher, lambda _: None)
            time.sleep(moment.after(start_seconds))
            launcher, seen = _kill_and_start_again(moment, place, launcher, kept)
            console.print(f"{'✓' if seen.holds else '✗'} {seen.line()}", highlight=False, soft_wrap=True)
            against += [] if seen.holds else [seen.line()]
            start_seconds = seen.ready_after or start_seconds
    finally:
        control.stop(place)
        _reap(launcher)
    return Finding(f"{len(moments)} kills of the launcher: no orphan, each next start whole", against)


def _kill_and_start_again(
    moment: Moment, place: Home, launcher: subprocess.Popen[bytes], kept: list[Slip]
) -> tuple[subprocess.Popen[bytes], Seen]:
    phase = str(control.read_progress(place).get("phase", "not begun"))
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    began = time.monotonic()
    orphans = _wait_gone(place)
    gone_after, began = time.monotonic() - began, time.monotonic()
    if orphans:
        end_leftovers(place)
    again = control.start_launcher(place, MORNING, tied=False)
    try:
        stack = control.follow(place, again, lambda _: None)
        ready_after = time.monotonic() - began
        asyncio.run(_is_whole(stack, kept))
    except Exception as failure:
        return again, Seen(moment, phase, gone_after, orphans, 0.0, f"{type(failure).__name__}: {failure}")
    return again, Seen(moment, phase, gone_after, orphans, ready_after)


def _wait_gone(place: Home) -> list[str]:
    """Whoever still wears the tag when all should be gone."""
    until = time.monotonic() + GONE_SECONDS
    while (left := list(tagged(place))) and time.monotonic() < until:
        psutil.wait_procs(left, timeout=0.1)
    return [process.name() for process in left if process.is_running()]


async def _is_whole(stack: Stack, kept: list[Slip]) -> None:
    """What was filed before is still known, and a new dossier goes through to its party."""
    async with Town.open(stack) as town:
        for slip in kept:
            await town.sees_state(slip, "in_process")
        slip = await town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
        await town.queued("city-police", slip, tasks=1)
        await town.sees_state(slip, "in_process")
        kept.append(slip)


def _reap(launcher: subprocess.Popen[bytes] | None) -> None:
    if launcher is not None:
        launcher.wait(60)
