"""Every stage of the bench runs and brings figures that can be true."""

import pytest

from tests.bench import rounds
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Stage
from tests.bench.stages import STAGES

QUICK = Effort(rounds=1, seconds=0.4, quick=True)

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
async def test_a_stage_runs_and_counts(stage: Stage, rig: Rig) -> None:
    result = await rounds.run(stage, rig, QUICK, lambda _: None)

    for samples in result.samples.values():
        for sample in samples:
            assert sample.items > 0
            assert sample.seconds > 0
            assert all(seconds >= 0 for seconds in sample.cpu.values())
    assert result.ratio.median > 0
