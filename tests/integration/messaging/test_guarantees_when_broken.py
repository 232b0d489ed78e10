"""Each guarantee broken on purpose is noticed, by a check that the healthy product passes in the same run."""

import pytest

from tests.chaos.mutants.table import MUTANTS, Mutant, examine
from tests.effort import sample

pytestmark = pytest.mark.integration
SHORT = 5
"""Of thirteen; `python -m tests.chaos.mutants` examines all."""


@pytest.mark.parametrize("mutant", sample(MUTANTS, SHORT), ids=lambda mutant: mutant.name)
async def test_a_broken_guarantee_is_noticed(mutant: Mutant, postgres_url: str, kafka: str) -> None:
    found = await examine(mutant, postgres_url, kafka)
    assert found.healthy == [], "the healthy product passes"
    assert found.mutated != [], "the mutant does not"
