"""`python -m tests.bench [stage…]`: what `motcua bench` runs."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import uvloop

from deploy.cli import screen
from deploy.local.home import home
from tests.bench import costs, record, recount, rounds, schedulers, show, soak, timers
from tests.bench.rig import Rig, rig
from tests.bench.stage import Effort
from tests.bench.stages import STAGES

SOAK, COSTS, RECOUNT, TIMERS, SCHEDULERS = "soak", "costs", "recount", "timers", "schedulers"
T = TypeVar("T")


def main(argv: Sequence[str]) -> int:
    """Measure the stages named, or all; 0 when all ran (with --strict: and reached their targets)."""
    asked = _parse(argv)
    chosen = [stage for stage in STAGES if not asked.stages or stage.name in asked.stages]
    effort = Effort(1, 0.5, quick=True) if asked.quick else Effort(asked.rounds, asked.seconds)
    if asked.stages == [SOAK]:
        return _soak(asked)
    if asked.stages == [COSTS]:
        return _costs(asked, effort)
    if asked.stages == [RECOUNT]:
        return _recount(asked)
    if asked.stages == [TIMERS]:
        return _timers(asked)
    if asked.stages == [SCHEDULERS]:
        return _schedulers(asked)
    results, broken = uvloop.run(_with_rig(lambda made: rounds.run_all(chosen, made, effort, screen.note)))
    show.table(results)
    for stage in broken:
        screen.say(f"{stage.name}: broke; why stands above")
    if asked.json:
        asked.json.write_text(json.dumps(record.document(results), indent=1, ensure_ascii=False) + "\n")
    if asked.chart:
        asked.chart.write_text(record.picture(results), encoding="utf-8")
    missed = asked.strict and not all(result.met in (True, None) for result in results)
    return int(bool(broken) or missed)


def _soak(asked: argparse.Namespace) -> int:
    """A long run at half speed; 1 when something grew or was lost."""
    seen = uvloop.run(_with_rig(lambda made: soak.run(made, asked.minutes, asked.history, screen.note)))
    lines = soak.rows(seen)
    history = f", {asked.history:,} rows of history" if asked.history else ""
    title = f"{len(seen.looks) * soak.SLICE_SECONDS / 60:.1f} minutes at half speed{history}"
    screen.table(title, ("figure", "first third", "last third", "verdict"), lines)
    screen.say(
        f"filed {seen.filed}, on the parties' topics {seen.arrived}, lost {seen.lost}, refused {seen.refused}"
    )
    if asked.json:
        asked.json.write_text(
            json.dumps(asdict(seen) | {"verdict": lines}, indent=1, ensure_ascii=False) + "\n"
        )
    return int(seen.lost != 0 or any(line[-1] != "flat" for line in lines))


def _costs(asked: argparse.Namespace, effort: Effort) -> int:
    """Processor time of one dossier, part by part."""
    seen = uvloop.run(_with_rig(lambda made: costs.run(made, effort, screen.note)))
    screen.table("Where the time of one dossier goes", ("part", "processor", "share"), costs.rows(seen))
    if asked.json:
        asked.json.write_text(json.dumps(seen.by_way, indent=1) + "\n", encoding="utf-8")
    if asked.chart:
        asked.chart.write_text(costs.picture(seen), encoding="utf-8")
    return 0


def _recount(asked: argparse.Namespace) -> int:
    """A new calendar over open dossiers; 1 when a date that moved was not told, or told twice."""
    seen = uvloop.run(_with_rig(lambda made: recount.run(made, Effort(1, 20.0), asked.open, screen.note)))
    lines = [(name.replace("_", " "), f"{figure:,.1f}") for name, figure in asdict(seen).items()]
    screen.table("A holiday is announced", ("figure", "seen"), lines)
    if asked.json:
        asked.json.write_text(json.dumps(asdict(seen), indent=1) + "\n", encoding="utf-8")
    return int(seen.told != seen.moved)


def _timers(asked: argparse.Namespace) -> int:
    """Deadlines firing among a million open ones and among ten; 1 when the sweep's cost grew with them."""
    sizes = tuple(size // 1_000 for size in timers.SIZES) if asked.quick else timers.SIZES
    seen = uvloop.run(_with_rig(lambda made: timers.run(made, screen.note, sizes=sizes, rounds=asked.rounds)))
    few, many = (f"{size:,} open" for size in sizes)
    screen.table("The sweep among many", ("what", few, many, "ratio (rounds)", "target"), seen.rows())
    if asked.json:
        asked.json.write_text(json.dumps(asdict(seen), indent=1) + "\n", encoding="utf-8")
    return int(not seen.met)


def _schedulers(asked: argparse.Namespace) -> int:
    """Firing beside general schedulers; 1 when ours is not as many times as fast as promised."""
    count, turns = (40, 1) if asked.quick else (schedulers.DOSSIERS, asked.rounds)
    seen = uvloop.run(_with_rig(lambda made: schedulers.run(made, screen.note, dossiers=count, rounds=turns)))
    heads = ("beside", "ours, deadlines/s", "theirs", "ratio (rounds)", "target")
    screen.table("A row, an event and an audit line for each deadline", heads, seen.rows())
    if asked.json:
        asked.json.write_text(json.dumps(asdict(seen), indent=1) + "\n", encoding="utf-8")
    return int(not seen.met)


async def _with_rig(work: Callable[[Rig], Awaitable[T]]) -> T:
    folder = _folder()
    try:
        screen.note("starting PostgreSQL and Kafka")
        async with rig(folder) as made:
            return await work(made)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _folder() -> Path:
    """A new one beside the stack's state, on the same disk; PostgreSQL's user may pass through."""
    place = home().folder
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o711)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=place))
    folder.chmod(0o711)
    return folder


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua bench")
    names = [*(stage.name for stage in STAGES), SOAK, COSTS, RECOUNT, TIMERS, SCHEDULERS]
    parser.add_argument("stages", nargs="*", choices=[*names, []], metavar="stage", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--minutes", type=float, default=10.0, help="of the soak")
    parser.add_argument("--history", type=int, default=0, help="rows in place before the soak")
    parser.add_argument("--open", type=int, default=10_000, help="dossiers before the recount")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--chart", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--strict", action="store_true")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
