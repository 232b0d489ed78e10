"""How quiet the machine is: fixed work and a few flushes before each round, and who else was busy."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.figures import spread

LOOPS, BLOCK = 60_000, bytes(256)
FLUSHES = 20
QUIET_PERCENT = 10.0


@dataclass(frozen=True, slots=True)
class Probe:
    """One look: how long the same work took, and one flush to disk (both in milliseconds)."""

    cpu_ms: float
    fsync_ms: float


@dataclass(frozen=True, slots=True)
class Noise:
    """A stage's noise: spread of the fixed work, of the flushes, and the share of the machine others took."""

    cpu_percent: float
    fsync_percent: float
    others_percent: float

    @property
    def noisy(self) -> bool:
        """Whether absolute figures of this run are worth little."""
        return max(self.cpu_percent, self.others_percent) > QUIET_PERCENT

    def __str__(self) -> str:
        said = f"±{self.cpu_percent:.0f} %"
        if self.others_percent > QUIET_PERCENT:
            said += f", others took {self.others_percent:.0f} % of the machine"
        return f"noisy: {said}" if self.noisy else f"quiet: {said}"


def probe(folder: Path) -> Probe:
    """Do the fixed work now, and the flushes on the disk of this folder."""
    return Probe(_fixed_work(), _flushes(folder))


def judge(probes: Sequence[Probe], others: Sequence[float]) -> Noise:
    """The noise of some rounds; `others` is the share (0 to 1) of the machine that was not ours in each."""
    return Noise(
        spread([one.cpu_ms for one in probes]).percent,
        spread([one.fsync_ms for one in probes]).percent,
        100 * median(others) if others else 0.0,
    )


def _fixed_work() -> float:
    begun = time.perf_counter()
    for _ in range(LOOPS):
        hashlib.sha256(BLOCK)
    return 1000 * (time.perf_counter() - begun)


def _flushes(folder: Path) -> float:
    took: list[float] = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(FLUSHES):
            file.write(BLOCK * 32)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    return 1000 * median(took)
