"""What is renamed in the product is renamed in the tables too: else a point is never reached."""

from functools import reduce
from importlib import import_module

import pytest

from tests.chaos.mutants.table import MUTANTS
from tests.chaos.points.table import PLANTED, PLANTED_HEIR, POINTS

PLACES = sorted({row.where for row in (*POINTS, *MUTANTS)})


@pytest.mark.parametrize("where", PLACES)
def test_the_place_exists(where: str) -> None:
    module, _, path = where.partition(":")
    assert callable(reduce(getattr, path.split("."), import_module(module)))


def test_planted_faults_are_known_mutants() -> None:
    assert {PLANTED.mutant, PLANTED_HEIR.mutant} <= {mutant.name for mutant in MUTANTS}
