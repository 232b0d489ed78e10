"""No fault planted in the clock goes unnoticed, and nothing is noticed where none was planted."""

import subprocess
import sys

import pytest

from deploy.local.home import CHECKOUT
from tests.clock.planted import MUTANTS
from tests.effort import sample

SHORT = 12
"""Of some forty; each takes a process that imports the clock anew."""


@pytest.mark.timeout(600)
def test_every_planted_fault_is_noticed():
    chosen = [mutant.fault for mutant in sample(MUTANTS, SHORT)]
    argv = [sys.executable, "-m", "tests.clock.mutants", *chosen]
    ended = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    rows = ended.stdout.splitlines()
    assert [row for row in rows[1:] if row.endswith("NOTHING")] == [], ended.stderr
    assert rows[0].endswith("NOTHING")
    assert (len(rows), ended.returncode) == (len(chosen) + 1, 0), ended.stderr
