"""motcua test."""

from __future__ import annotations

import subprocess
import time
from typing import Annotated

from cyclopts import Parameter

from deploy.cli import exits, screen
from deploy.local.checks import Check, all_checks
from deploy.local.home import CHECKOUT

NO_TESTS = 5
"""Pytest's exit code when `-k` matched nothing in a stage."""


def test(*, chosen: Annotated[str | None, Parameter(name=["-k"])] = None) -> int:
    """Run all that CI runs: lint, types, walls, migrations, then every test. Goes on after a failure.

    Parameters
    ----------
    chosen
        Only tests whose name matches this expression, as with pytest.
    """
    checks = all_checks(chosen)
    results = [_run(check, number, len(checks)) for number, check in enumerate(checks, start=1)]
    if all(code == NO_TESTS for _, code, _ in results):
        screen.complain(f"no test matches {chosen!r}")
        return exits.FAILED
    rows = [(check.title, _verdict(code), f"{seconds:.1f} s") for check, code, seconds in results]
    screen.table("All checks", ("check", "result", "time"), rows)
    return exits.DONE if all(code in (0, NO_TESTS) for _, code, _ in results) else exits.FAILED


def _run(check: Check, number: int, total: int) -> tuple[Check, int, float]:
    screen.say(f"\n== {number} of {total}: {check.title}")
    started_at = time.monotonic()
    code = subprocess.run(check.argv, cwd=CHECKOUT, stdin=subprocess.DEVNULL, check=False).returncode
    seconds = time.monotonic() - started_at
    screen.say(f"== {check.title}: {_verdict(code)} in {seconds:.1f} s")
    return check, code, seconds


def _verdict(code: int) -> str:
    return {0: "ok", NO_TESTS: "nothing matched"}.get(code, "FAILED")
