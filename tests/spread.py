"""How a run is spread over workers: what shares something expensive stays together, the longest first."""

from __future__ import annotations

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARING = (
    "tests/e2e/machine",
    "tests/e2e/stories/test_a_week_off.py",
    "tests/e2e/stories/test_a_holiday_is_announced.py",
    "tests/e2e",
    "tests/integration/world",
    "tests/chaos/test_crash_points.py",
    "tests/chaos",
    "tests/bench",
)
"""Each of these has one city, or one rig, for all its tests; the first that holds a test counts.

Elsewhere a file is what stays together, since its fixtures may serve all its tests.
"""
LONG = (
    *SHARING,
    "tests/integration/outages",
    "tests/integration/messaging/test_guarantees_when_broken.py",
    "tests/integration/launcher",
    "tests/integration/routing",
)
"""What begins first, so that no worker is left alone with it at the end."""


class SharingScheduler(LoadScopeScheduling):
    """Gives a worker all tests that share something, in the order they were collected."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        for place in SHARING:
            if nodeid.startswith(place):
                return place
        return nodeid.split("::", maxsplit=1)[0]


def start_long_ones_first(items: list[pytest.Item]) -> None:
    """Sort a worker's tests; a run without workers keeps its order."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    for turn, place in enumerate(LONG):
        if item.nodeid.startswith(place):
            return turn
    return len(LONG)
