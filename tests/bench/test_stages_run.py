"""Every stage of the bench runs and brings figures that can be true."""

import pytest

from tests.bench import rounds
from tests.bench.rig import Rig
from tests.bench.stage import Effort, Stage
from tests.bench.stages import STAGES
from tests.effort import sample

SHORT = 4
"""Of twelve stages; `motcua prove bench --full` runs all."""
QUICK = Effort(rounds=1, seconds=0.4, quick=True)

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("stage", sample(STAGES, SHORT), ids=lambda stage: stage.name)
async def test_a_stage_runs_and_counts(stage: Stage, rig: Rig) -> None:
    result = await rounds.run(stage, rig, QUICK, lambda _: None)

    for samples in result.samples.values():
        for measured in samples:
            assert measured.items > 0
            assert measured.seconds > 0
            assert all(seconds >= 0 for seconds in measured.cpu.values())
    assert result.ratio.median > 0
