"""Results for machines: everything that was seen, round by round."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import psutil

from tests.bench.chart import Bar, draw
from tests.bench.rounds import Result


def document(results: Sequence[Result]) -> dict[str, Any]:
    """The object of `--json`."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "stages": [_stage(result) for result in results],
    }


def machine() -> dict[str, Any]:
    """What it ran on, in words that name nobody's computer."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}",
        "python": platform.python_version(),
    }


def _stage(result: Result) -> dict[str, Any]:
    stage = result.stage
    return {
        "name": stage.name,
        "ours": stage.ours,
        "theirs": stage.theirs,
        "target": None if stage.target is None else asdict(stage.target),
        "ratio": asdict(result.ratio),
        "met": result.met,
        "cpu_us": {side: result.cpu_us(side) for side in result.samples},
        "noise": asdict(result.noise) | {"noisy": result.noise.noisy},
        "rounds": {side: [_round(sample) for sample in samples] for side, samples in result.samples.items()},
    }


def _round(sample: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "items": sample.items,
        "seconds": sample.seconds,
        "per_second": sample.per_second,
        "cpu_seconds": sample.cpu,
    }
    return found | ({"p50_ms": sample.p50_ms} if sample.latencies else {})


def picture(results: Sequence[Result]) -> str:
    """The chart of the ratios: each bar is what was reached of its target."""
    facts = machine()
    note = f"median ratio of interleaved rounds, {facts['cores']} cores, {datetime.now(UTC):%Y-%m-%d}"
    return draw("Ours beside theirs", note, [_bar(result) for result in results], goal="target")


def _bar(result: Result) -> Bar:
    target, seen = result.stage.target, result.ratio.median
    if target is None:
        return Bar(result.stage.ours, seen, f"{seen:.2f}", below=f"over {result.stage.theirs}")
    share = target.value / seen if target.at_most else seen / target.value
    kind = "met" if result.met else "missed"
    return Bar(result.stage.ours, share, f"{seen:.2f} ({target})", kind, f"over {result.stage.theirs}")
