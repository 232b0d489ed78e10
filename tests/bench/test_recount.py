"""The recount bench moves real dates of real dossiers, and each is told once."""

from typing import Any

import pytest

from tests.bench import recount
from tests.bench.rig import Rig
from tests.bench.stage import Effort


def nothing(_: Any) -> None:
    """Says nothing on the way."""


@pytest.mark.integration
async def test_every_date_that_moves_is_told_once(rig: Rig) -> None:
    seen = await recount.run(rig, Effort(1, 0.5, quick=True), 100, nothing)
    assert seen.open >= 100
    assert seen.moved == seen.told >= 100
