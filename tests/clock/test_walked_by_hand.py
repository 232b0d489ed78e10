"""The clock agrees with the one that walks day by day, on random lines that lie where rules change."""

from collections import Counter

import pytest

from shared.worktime import LedgerErrorCode
from tests.builders.ledgers import clock_answer
from tests.clock.compare import compare, kind_of
from tests.clock.random_ledgers import lines
from tests.effort import size

PARTS, EACH = 4, size(1_500, 25_000)
LINES_FOR_EVERY_KIND = 5_000


@pytest.mark.parametrize("seed", range(PARTS))
def test_both_clocks_give_the_same_dates_counts_and_errors(seed: int):
    found = compare(lines(seed, EACH))
    assert found.differences[:1] == []
    assert found.count == EACH


def test_the_lines_reach_every_kind_of_answer():
    kinds = Counter(kind_of(clock_answer(line)) for line in lines(0, LINES_FOR_EVERY_KIND))
    assert {kind for kind, count in kinds.items() if count < 3} == set()
    assert {"running", "paused", "stopped"} <= set(kinds)
    assert sum(kind.startswith("window") for kind in kinds) == 4
    assert {kind.removeprefix("error ") for kind in kinds if kind.startswith("error")} == set(LedgerErrorCode)
