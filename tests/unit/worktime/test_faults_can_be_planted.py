"""What is reworded in the clock is reworded in the table of its faults too: else no fault is planted."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.clock.planted import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_the_words_of_the_fault_are_in_its_module(mutant: Mutant) -> None:
    spec = find_spec(mutant.name)

    assert spec is not None
    assert spec.origin is not None
    assert mutant.words in Path(spec.origin).read_text("utf-8"), spec.origin
