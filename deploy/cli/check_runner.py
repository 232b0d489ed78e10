"""Runs the commands of `motcua test` and `motcua prove`, one step after another, and times them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.cli import screen
from deploy.local.checks import Check, Step
from deploy.local.home import CHECKOUT, home

NO_TESTS = 5
"""Pytest's exit code when nothing matched."""
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class CheckResult:
    """A check that was run: its exit code, and how many seconds it took."""

    check: Check
    code: int
    seconds: float

    @property
    def word(self) -> str:
        """What the exit code means."""
        return {0: "ok", NO_TESTS: "nothing matched"}.get(self.code, "FAILED")


def run_steps(steps: Sequence[Step]) -> list[CheckResult]:
    """Run every check, also after one failed; the checks of one step run side by side."""
    total = sum(len(step) for step in steps)
    results: list[CheckResult] = []
    for step in steps:
        results += _run_step(step, len(results) + 1, total)
    return results


def print_table(title: str, results: Sequence[CheckResult]) -> None:
    """The closing table: each check, how it ended, and how long it took."""
    rows = [(result.check.title, result.word, f"{result.seconds:.1f} s") for result in results]
    screen.table(title, ("check", "result", "time"), rows)


def _run_step(step: Step, number: int, total: int) -> list[CheckResult]:
    """The first check writes to our output; the output of the others is shown when all have ended."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
        logs = [None, *(Path(folder) / f"{place}.log" for place in range(1, len(step)))]
        _print_title(step[0], number, total)
        results = _run_side_by_side(step, logs)
        for place, (result, log) in enumerate(zip(results, logs, strict=True)):
            if log is not None:
                _print_title(result.check, number + place, total)
                screen.say(log.read_text("utf-8", "replace").rstrip())
            screen.say(f"== {result.check.title}: {result.word} in {result.seconds:.1f} s")
    return results


def _run_side_by_side(step: Step, logs: Sequence[Path | None]) -> list[CheckResult]:
    start = time.monotonic()
    processes = [_start(check, log) for check, log in zip(step, logs, strict=True)]
    seconds: dict[int, float] = {}
    try:
        while len(seconds) < len(processes):
            for place, process in enumerate(processes):
                if place not in seconds and process.poll() is not None:
                    seconds[place] = time.monotonic() - start
            time.sleep(POLL_SECONDS)
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.wait()
    return [
        CheckResult(check, process.returncode, seconds[place])
        for place, (check, process) in enumerate(zip(step, processes, strict=True))
    ]


def _print_title(check: Check, number: int, total: int) -> None:
    screen.say(f"\n== {number} of {total}: {check.title}")


def _environment_of(check: Check) -> dict[str, str]:
    """Our environment and the check's.

    Hundreds of Python processes are started. Where byte code must not be written beside the sources, it goes
    into our own folder: to compile everything in each process costs as much time as some tests.
    """
    environment = os.environ | dict(check.environment)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(home().folder / "byte-code"))
    return environment


def _start(check: Check, log: Path | None) -> subprocess.Popen[bytes]:
    """Start it with its output in the log, or with our own output when there is no log."""
    environment = _environment_of(check)
    if log is None:
        return subprocess.Popen(check.argv, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL)
    with log.open("wb") as output:
        return subprocess.Popen(
            check.argv, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
