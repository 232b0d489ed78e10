"""The bench of timers fires real deadlines, as many among many as among few."""

from __future__ import annotations

import pytest

from tests.bench import timers
from tests.bench.rig import Rig
from tests.bench.timers import Timed


@pytest.mark.integration
async def test_as_many_fire_among_many_as_among_few(rig: Rig) -> None:
    told = list[str]()
    seen = await timers.run(rig, told.append, sizes=(500, 5_000), firing=20, looks=5, rounds=1)
    assert seen.fired == 40
    assert [sorted(of) for of in (seen.firing, seen.empty)] == [[500, 5_000]] * 2
    assert all(
        seconds > 0 for of in (seen.firing, seen.empty) for rounds in of.values() for seconds in rounds
    )
    assert len(seen.rows()) == 2


def test_what_grows_with_what_is_open_is_seen() -> None:
    flat, grown = {1: [1.0, 1.0], 10: [1.0, 1.05]}, {1: [1.0, 1.0], 10: [9.0, 10.0]}
    assert Timed(2, flat, flat).met
    assert not Timed(2, grown, flat).met
    assert not Timed(2, flat, grown).met
