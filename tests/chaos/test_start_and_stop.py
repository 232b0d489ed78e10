"""The launcher dies at random moments, and two checkouts live side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.home import CHECKOUT
from deploy.local.launching.leftovers import tagged
from tests.chaos.start_stop.clones import Clone, clone
from tests.e2e.town import Town
from tests.effort import seed


@pytest.fixture
def clones(tmp_path: Path) -> Iterator[tuple[Clone, Clone]]:
    """Two checkouts; nothing of either stays."""
    one, other = clone(tmp_path / "one"), clone(tmp_path / "other")
    yield one, other
    for each in (one, other):
        each.motcua("reset", "--yes")


def test_a_launcher_killed_at_a_moment_leaves_no_orphan_and_the_next_start_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.chaos", "start-stop", "--moments", "1", "--seed", str(seed())]
    told = {"PYTHONPATH": str(CHECKOUT), "MOTCUA_HOME": str(tmp_path)}
    ended = subprocess.run(
        command, env=os.environ | told, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


async def test_two_stacks_from_two_clones_do_not_disturb_each_other(clones: tuple[Clone, Clone]) -> None:
    one, other = clones
    here, there = one.up(), other.up()

    async with Town.open(here) as town, Town.open(there) as elsewhere:
        slip = await town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
        await town.queued("city-police", slip, tasks=1)
        assert elsewhere.records("dossier.events", slip) == []
        assert (await elsewhere.sees(slip))["status"] == 404

    assert one.motcua("down").returncode == 0
    assert list(tagged(one.home)) == []
    async with Town.open(there) as elsewhere:
        slip = await elsewhere.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
        await elsewhere.queued("city-police", slip, tasks=1)
    assert {row["phase"] for row in other.status()["processes"]} == {"ready", "done"}
