"""Ours, theirs, ours, theirs: rounds in turns within one run, so that a slow minute hits both."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.bench import cpu, noise
from tests.bench.figures import Sample, Spread, spread
from tests.bench.noise import Noise
from tests.bench.stage import Effort, Measure, Sides, Stage

if TYPE_CHECKING:
    from tests.bench.rig import Rig

Tell = Callable[[str], None]
OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Result:
    """A stage measured: every round of every side, and how quiet it was meanwhile."""

    stage: Stage
    samples: Mapping[str, Sequence[Sample]]
    noise: Noise

    @property
    def ratio(self) -> Spread:
        """Ours over theirs, round by round."""
        pairs = zip(self.samples[OURS], self.samples[THEIRS], strict=True)
        return spread([self.stage.compare(ours, theirs) for ours, theirs in pairs])

    @property
    def met(self) -> bool | None:
        """Whether the median ratio reaches the target; None where there is none."""
        return None if self.stage.target is None else self.stage.target.met(self.ratio.median)

    def shown(self, side: str) -> Spread:
        """A side's figure over its rounds."""
        return spread([self.stage.shown(sample) for sample in self.samples[side]])

    def cpu_us(self, side: str) -> float | None:
        """A side's machine CPU an item, None where it was not measured."""
        known = [sample.cpu_us for sample in self.samples[side] if sample.cpu]
        return spread(known).median if known else None


@dataclass
class _Notes:
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    probes: list[noise.Probe] = field(default_factory=list)
    others: list[float] = field(default_factory=list)


async def run(stage: Stage, rig: Rig, effort: Effort, tell: Tell) -> Result:
    """Warm both sides up once, then measure them in turns."""
    notes = _Notes()
    async with stage.open(rig, effort) as sides:
        turns = _turns(sides)
        if not effort.quick:
            await _warm_up(stage, turns, tell)
        for number in range(1, effort.rounds + 1):
            for name, measure in turns.items():
                tell(f"{stage.name}: round {number} of {effort.rounds}, {name}")
                sample = await _one(measure, notes, rig)
                notes.samples.setdefault(name, []).append(sample)
                tell(f"{stage.name}: round {number} of {effort.rounds}, {name}: {_short(stage, sample)}")
    return Result(stage, notes.samples, noise.judge(notes.probes, notes.others))


async def run_all(
    stages: Sequence[Stage], rig: Rig, effort: Effort, tell: Tell
) -> tuple[list[Result], list[Stage]]:
    """Every stage in turn, and those that broke: what the others showed is not thrown away."""
    results, broken = list[Result](), list[Stage]()
    for stage in stages:
        try:
            results.append(await run(stage, rig, effort, tell))
        except Exception:
            tell(f"{stage.name}: broke\n{traceback.format_exc()}")
            broken.append(stage)
    return results, broken


async def _warm_up(stage: Stage, turns: Mapping[str, Measure], tell: Tell) -> None:
    for name, measure in turns.items():
        tell(f"{stage.name}: warming up {name}")
        await measure()


def _turns(sides: Sides) -> dict[str, Measure]:
    return {OURS: sides.ours, THEIRS: sides.theirs, **sides.others}


async def _one(measure: Measure, notes: _Notes, rig: Rig) -> Sample:
    """One measurement between two readings of the whole machine: what was not ours was somebody else's."""
    notes.probes.append(await asyncio.to_thread(noise.probe, rig.folder))
    mine = cpu.Meter({"bench": [os.getpid()]})
    loop = asyncio.get_running_loop()
    begun, before, busy = loop.time(), mine.read()["bench"], cpu.machine_busy()
    sample = await measure()
    spent = mine.read()["bench"] - before
    capacity = (loop.time() - begun) * (os.cpu_count() or 1)
    notes.others.append(max(0.0, (cpu.machine_busy() - busy - spent) / capacity))
    return sample


def _short(stage: Stage, sample: Sample) -> str:
    return (
        f"{stage.shown(sample):,.1f} {stage.unit}"
        if stage.latency
        else f"{sample.per_second:,.0f} {stage.unit}"
    )
