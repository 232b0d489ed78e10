"""`python -m tests.e2e.machine`: the machine for as long as one likes, with what it finds made small."""

from __future__ import annotations

import argparse
import os
import sys

import pytest


def main() -> int:
    """Random every time; prints what was done, and of a failure the shortest run that shows it."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.machine", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="runs of two dossiers each (100)")
    parser.add_argument("--steps", type=int, default=50, help="acts in each run (50)")
    parser.add_argument("--only-time", action="store_true", help="without the machine of the table alone")
    asked = parser.parse_args()
    os.environ["MOTCUA_MACHINE_EXAMPLES"] = str(asked.examples)
    os.environ["MOTCUA_MACHINE_STEPS"] = str(asked.steps)
    how = ["-q", "-s", "-n", "0", "-p", "no:schemathesis", "--timeout=86400"]
    files = [f"tests/e2e/machine/test_{name}.py" for name in ("machine", "time_passes")]
    return pytest.main([*how, *(files[1:] if asked.only_time else files)])


if __name__ == "__main__":
    sys.exit(main())
