"""A stage: one thing of ours beside what it is compared with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.bench.figures import Sample, Target

if TYPE_CHECKING:
    from tests.bench.rig import Rig

Measure = Callable[[], Awaitable[Sample]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds, and about so many seconds a side. `quick` only shows that it runs."""

    rounds: int = 5
    seconds: float = 6.0
    quick: bool = False

    def items(self, per_second: float, *, at_least: int = 200) -> int:
        """How many items to bring for a side expected to manage about so many a second."""
        return at_least if self.quick else max(at_least, int(per_second * self.seconds))


@dataclass(frozen=True, slots=True)
class Sides:
    """What is measured in turns. `others` are shown beside, outside the ratio (a twin's untuned self)."""

    ours: Measure
    theirs: Measure
    others: Mapping[str, Measure] = field(default_factory=dict)


Open = Callable[["Rig", Effort], AbstractAsyncContextManager[Sides]]
Ratio = Callable[[Sample, Sample], float]


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the table."""

    name: str
    ours: str
    theirs: str
    target: Target | None
    open: Open
    unit: str = "/s"
    latency: bool = False
    ratio: Ratio | None = None

    def compare(self, ours: Sample, theirs: Sample) -> float:
        """The figure the target is about: rates by default, median latencies where the stage says so."""
        if self.ratio is not None:
            return self.ratio(ours, theirs)
        return ours.p50_ms / theirs.p50_ms if self.latency else ours.per_second / theirs.per_second

    def shown(self, sample: Sample) -> float:
        """The figure of one side in this stage's unit."""
        return sample.p50_ms if self.latency else sample.per_second
