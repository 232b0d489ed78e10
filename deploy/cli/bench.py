"""motcua bench."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deploy.local.home import CHECKOUT


def bench(
    *stages: str,
    rounds: int = 5,
    seconds: float = 6.0,
    json: Path | None = None,
    chart: Path | None = None,
    quick: Annotated[bool, Parameter(negative="")] = False,
    strict: Annotated[bool, Parameter(negative="")] = False,
    minutes: float = 10.0,
    history: int = 0,
) -> int:
    """Measure each stage beside what it is compared with, in turns, on real servers of its own.

    Parameters
    ----------
    stages
        Which ones; or `costs`, `soak`, `recount`, `timers` or `schedulers` alone; all stages without any.
        A wrong name lists them.
    rounds
        How often each side is measured.
    seconds
        About how long one measurement takes.
    json
        Also write everything seen to this file.
    chart
        Also draw the ratios into this SVG file.
    quick
        One tiny round: only shows that it runs.
    strict
        End with 1 when a target was missed.
    minutes
        With `soak`: how long to go on at half of the speed measured.
    history
        With `soak`: so many rows of finished dossiers in place before.
    """
    argv = [*stages, "--rounds", str(rounds), "--seconds", str(seconds)]
    argv += ["--minutes", str(minutes), "--history", str(history)]
    argv += ["--json", str(json.resolve())] if json else []
    argv += ["--chart", str(chart.resolve())] if chart else []
    argv += ["--quick"] if quick else []
    argv += ["--strict"] if strict else []
    # A program of the tests, which the product must not import.
    return subprocess.run([sys.executable, "-m", "tests.bench", *argv], cwd=CHECKOUT, check=False).returncode
