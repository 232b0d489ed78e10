"""Servers go away and come back, clocks go back, a consumer stands still: `tests.chaos.away` in short."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos import away
from tests.chaos.away import Rig
from tests.chaos.stuck import stuck_is_seen
from tests.databases import Database
from tests.effort import sample

pytestmark = [pytest.mark.integration, pytest.mark.timeout(420)]
SHORT = ("postgres-away", "kafka-away", "kafka-resets", "clocks-back")
AT_ONCE = 2
"""So many of them in one build; `python -m tests.chaos.away` plays every scenario."""
SECONDS = 3.0
STUCK_SECONDS = 2.0


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    """One house with a proxy before each of its servers."""
    async with away.rig(database, tmp_path, stuck_seconds=STUCK_SECONDS) as made:
        yield made


async def test_nothing_is_lost_and_nobody_restarts_anything(rig: Rig) -> None:
    names = sample(SHORT, AT_ONCE)
    chosen = [scenario for scenario in away.SCENARIOS if scenario.name in names]
    rows = [await away.play(rig, scenario, SECONDS) for scenario in chosen]
    assert {row.scenario.name: row.complaints() for row in rows} == {name: [] for name in names}
    seen = await stuck_is_seen(rig.house, rig.kafka, tries=2)
    assert None not in seen
