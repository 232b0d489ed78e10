"""When the launcher is killed: somewhere in its first start, or in the life of a running stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

RUNNING_SECONDS = 4.0


@dataclass(frozen=True)
class Moment:
    """`share` of what a start takes here, in an empty folder; else of some seconds of a ready stack."""

    n: int
    first_start: bool
    share: float

    def after(self, start_seconds: float) -> float:
        """Seconds to wait, where the last start took so long."""
        return self.share * (start_seconds if self.first_start else RUNNING_SECONDS)

    def __str__(self) -> str:
        if self.first_start:
            return f"{self.share:.0%} of the first start"
        return f"{self.share * RUNNING_SECONDS:.1f} s of a running stack"


def make(seed: int, count: int) -> list[Moment]:
    """Moments spread over the first start, and every third one in a running stack."""
    return list(_moments(Random(seed), count))


def _moments(chance: Random, count: int) -> Iterator[Moment]:
    starts = [n for n in range(1, count + 1) if n % 3]
    for n in range(1, count + 1):
        first = n % 3 != 0
        share = (starts.index(n) + chance.random()) / len(starts) if first else chance.random()
        yield Moment(n, first, round(share, 3))
