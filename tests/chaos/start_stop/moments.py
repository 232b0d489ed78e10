"""When the launcher is killed: so many seconds into its first start, or into the life of a running stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST_START_SECONDS, RUNNING_SECONDS = 9.0, 4.0


@dataclass(frozen=True)
class Moment:
    """`first_start`: seconds after the launcher began, in an empty folder; else after the stack was ready."""

    n: int
    first_start: bool
    after: float

    def __str__(self) -> str:
        where = "of the first start" if self.first_start else "of a running stack"
        return f"{self.after:.2f} s {where}"


def make(seed: int, count: int) -> list[Moment]:
    """Moments spread over the first start, and every third one in a running stack."""
    return list(_moments(Random(seed), count))


def _moments(chance: Random, count: int) -> Iterator[Moment]:
    starts = [n for n in range(1, count + 1) if n % 3]
    for n in range(1, count + 1):
        if n % 3 == 0:
            yield Moment(n, first_start=False, after=round(chance.uniform(0, RUNNING_SECONDS), 2))
        else:
            part = FIRST_START_SECONDS / len(starts)
            yield Moment(n, first_start=True, after=round((starts.index(n) + chance.random()) * part, 2))
