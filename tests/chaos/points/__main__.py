"""`python -m tests.chaos.points [--times 10] [--only WORDS]`: a death at each point, and its verdict.

Exit code 0 when nothing was lost, doubled, out of order or sent twice in silence, else 1.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.chaos.points.city import SmallCity, servers
from tests.chaos.points.deaths import Verdict, die_at_all
from tests.chaos.points.table import POINTS, Point


def _line(verdict: Verdict) -> str:
    """One row of the table."""
    mark = "[green]✓[/]" if verdict.holds else "[red]✗[/]"
    doubt = f", {verdict.in_doubt} in doubt" if verdict.in_doubt else ""
    said = "nothing lost, doubled or disordered" if verdict.holds else "; ".join(verdict.against[:6])
    return f"{mark} {verdict.point.name:<52} {said}{doubt} ({verdict.seconds:.1f} s)"


async def _run(folder: Path, points: Sequence[Point], times: int, console: Console) -> int:
    with servers(folder) as (stack, home):
        async with SmallCity.open(stack, home) as city:
            told = await die_at_all(
                city, points, times, lambda one: console.print(_line(one), soft_wrap=True)
            )
            bad = [one for one in told if not one.holds]
            at_last = await city.closing()
            console.print("\n".join(f"[red]✗[/] at last: {one}" for one in at_last) or "[green]✓[/] at last")
            console.print(f"{len(told)} deaths at {len(points)} points: {len(bad)} with complaints")
            console.print(f"{len(city.every)} dossiers, {len(city.in_the_air)} messages in doubt")
    return 1 if bad or at_last else 0


def main() -> int:
    """Parse, run, print."""
    asked = argparse.ArgumentParser(prog="python -m tests.chaos.points", description=__doc__)
    asked.add_argument("--times", type=int, default=1, help="how often each point (10 is the long form)")
    asked.add_argument("--only", default="", help="points whose name holds these words")
    told = asked.parse_args()
    points = [point for point in POINTS if told.only in point.name]
    with tempfile.TemporaryDirectory(prefix="motcua-points-") as folder:
        return asyncio.run(_run(Path(folder), points, told.times, Console()))


if __name__ == "__main__":
    sys.exit(main())
