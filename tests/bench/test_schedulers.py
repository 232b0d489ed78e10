"""The bench beside other schedulers: all say the same, and a miss is seen."""

from __future__ import annotations

import pytest

from tests.bench import schedulers
from tests.bench.rig import Rig
from tests.bench.schedulers import TARGETS, Beside


@pytest.mark.integration
async def test_every_scheduler_says_every_deadline_once(rig: Rig) -> None:
    seen = await schedulers.run(rig, lambda _: None, dossiers=10, rounds=1)
    assert set(seen.others) == set(TARGETS)
    assert all(rate > 0 for rates in (seen.ours, *seen.others.values()) for rate in rates)
    assert len(seen.rows()) == len(TARGETS)


def test_a_ratio_under_its_target_is_a_miss() -> None:
    fast = {name: [100.0 / (2 * least)] for name, least in TARGETS.items()}
    assert Beside([100.0], fast).met
    assert not Beside([100.0], {name: [99.0] for name in TARGETS}).met
