"""Processor time of the processes that do the work: user and system, children that ended included."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psutil


@dataclass
class Meter:
    """Processes by part; the difference of two readings is what a piece of work cost."""

    parts: dict[str, list[int]] = field(default_factory=dict)

    def watch(self, part: str, pid: int) -> None:
        """From now on this process, with its children, counts under that name."""
        self.parts.setdefault(part, []).append(pid)

    def forget(self, part: str, pid: int) -> None:
        """It has ended."""
        self.parts[part].remove(pid)

    def read(self) -> dict[str, float]:
        """Seconds used so far, by part."""
        return {part: sum(map(_tree_seconds, pids)) for part, pids in self.parts.items()}


def used(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each part used between two readings."""
    return {part: now - before.get(part, 0.0) for part, now in after.items()}


def machine_busy() -> float:
    """Seconds all processors of this machine have been busy so far."""
    times = psutil.cpu_times()._asdict()
    return sum(times.get(kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq", "steal"))


def _tree_seconds(pid: int) -> float:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return _seconds(process) + sum(_living(child) for child in process.children(recursive=True))
    return 0.0


def _living(child: psutil.Process) -> float:
    try:
        return _seconds(child)
    except psutil.NoSuchProcess:
        return 0.0


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system
