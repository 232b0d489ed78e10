"""No fault planted in the clock goes unnoticed, and nothing is noticed where none was planted."""

import subprocess
import sys

import pytest

from deploy.local.home import CHECKOUT
from tests.clock.planted import MUTANTS


@pytest.mark.timeout(600)
def test_every_planted_fault_is_noticed():
    argv = [sys.executable, "-m", "tests.clock.mutants"]
    ended = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    rows = ended.stdout.splitlines()
    assert [row for row in rows[1:] if row.endswith("NOTHING")] == [], ended.stderr
    assert rows[0].endswith("NOTHING")
    assert (len(rows), ended.returncode) == (len(MUTANTS) + 1, 0)
