"""A run of all stages outlives one that breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.bench import rounds
from tests.bench.figures import Sample
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Sides
from tests.bench.stages import STAGES

QUICK = Effort(rounds=1, seconds=0.1, quick=True)


async def _ten() -> Sample:
    return Sample(items=10, seconds=0.1)


@asynccontextmanager
async def _works(rig: Any, effort: Effort) -> AsyncIterator[Sides]:
    yield Sides(_ten, _ten)


@asynccontextmanager
async def _breaks(rig: Any, effort: Effort) -> AsyncIterator[Sides]:
    raise ConnectionResetError("the server hung up")
    yield Sides(_ten, _ten)


async def test_a_stage_that_breaks_is_told_and_the_others_keep_their_figures(tmp_path: Path) -> None:
    breaking, working = replace(STAGES[0], open=_breaks), replace(STAGES[1], open=_works)
    told: list[str] = []
    rig = cast(Rig, SimpleNamespace(folder=tmp_path))

    results, broken = await rounds.run_all([breaking, working], rig, QUICK, told.append)

    assert [result.stage.name for result in results] == [working.name]
    assert [stage.name for stage in broken] == [breaking.name]
    assert any("the server hung up" in line for line in told)
