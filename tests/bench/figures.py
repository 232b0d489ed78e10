"""What a bench says of its samples: medians and spreads, never a lone best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one side. `cpu`: seconds of processor time by part (ours, postgres, kafka, …).

    `latencies`: seconds of single items, where the stage is about them.
    """

    items: int
    seconds: float
    cpu: dict[str, float] = field(default_factory=dict)
    latencies: Sequence[float] = ()

    @property
    def per_second(self) -> float:
        """Items a second."""
        return self.items / self.seconds

    @property
    def cpu_us(self) -> float:
        """Machine CPU an item, in microseconds."""
        return 1e6 * sum(self.cpu.values()) / self.items

    @property
    def p50_ms(self) -> float:
        """The median latency in milliseconds."""
        return 1000 * percentile(self.latencies, 50)


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the lowest and highest of its rounds."""

    median: float
    low: float
    high: float

    @property
    def percent(self) -> float:
        """How far the rounds lie apart: half the range over the median, in percent."""
        return 50 * (self.high - self.low) / self.median if self.median else 0.0


def spread(values: Sequence[float]) -> Spread:
    """Median, lowest and highest; ValueError without values."""
    if not values:
        raise ValueError("no rounds, no median")
    return Spread(median(values), min(values), max(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which this share of the values lies (nearest rank); ValueError without values."""
    if not values:
        raise ValueError("no values, no percentile")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio must reach: at least this (throughput), or at most (latency)."""

    value: float
    at_most: bool = False

    def met(self, seen: float) -> bool:
        """Whether the ratio seen is good enough."""
        return seen <= self.value if self.at_most else seen >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"
