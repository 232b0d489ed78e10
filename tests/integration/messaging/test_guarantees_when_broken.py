"""Each guarantee broken on purpose is noticed, by a check that the healthy product passes in the same run."""

import pytest

from tests.chaos.mutants.table import MUTANTS, Mutant, examine

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
async def test_a_broken_guarantee_is_noticed(mutant: Mutant, postgres_url: str, kafka: str) -> None:
    found = await examine(mutant, postgres_url, kafka)
    assert found.healthy == [], "the healthy product passes"
    assert found.mutated != [], "the mutant does not"
