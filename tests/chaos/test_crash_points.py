"""Killed at every named point: nothing is lost, doubled or disordered, no text goes out twice in silence."""

from collections.abc import AsyncIterator

import pytest

from tests.chaos.points.city import SmallCity, servers
from tests.chaos.points.deaths import die_at, die_at_all
from tests.chaos.points.table import PLANTED, PLANTED_HEIR, POINTS
from tests.effort import sample

SHORT = 12
"""Of some fifty points; `python -m tests.chaos.points` goes through all."""


@pytest.fixture(scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SmallCity]:
    """One city for all deaths; only the service that dies is started again."""
    with servers(tmp_path_factory.mktemp("points")) as (stack, home):
        async with SmallCity.open(stack, home) as opened:
            yield opened


@pytest.mark.timeout(900)
async def test_a_death_at_any_point_loses_doubles_and_disorders_nothing(city: SmallCity) -> None:
    told = await die_at_all(city, sample(POINTS, SHORT), 1, lambda _: None)
    complaints = {one.point.name: list(one.against) for one in told if not one.holds}
    assert complaints == {}
    assert await city.closing() == []


async def test_the_judge_sees_what_a_version_that_deletes_too_early_loses(city: SmallCity) -> None:
    verdict = await die_at(city, PLANTED, patience=6)
    assert any("not completed" in one for one in verdict.against), verdict.against


async def test_the_judge_sees_a_version_that_sends_again_what_the_dead_left(city: SmallCity) -> None:
    [answered] = [point for point in POINTS if point.name == "text: answered, answer not stored"]
    verdict = await die_at(city, answered, PLANTED_HEIR, patience=6)
    assert any("by sms is delivered" in one for one in verdict.against), verdict.against


def test_there_are_at_least_fifty_points_and_no_two_of_one_name() -> None:
    names = [point.name for point in POINTS]
    assert len(names) >= 50
    assert len(set(names)) == len(names)
