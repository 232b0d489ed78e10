"""`python -m tests.bench [stage…]`: what `motcua bench` runs."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import uvloop

from deploy.cli import screen
from deploy.local.home import home
from tests.bench import record, rounds, show
from tests.bench.rig import rig
from tests.bench.rounds import Result
from tests.bench.stage import Effort, Stage
from tests.bench.stages import STAGES


def main(argv: Sequence[str]) -> int:
    """Measure the stages named, or all; 0 when all ran (with --strict: and reached their targets)."""
    asked = _parse(argv)
    chosen = [stage for stage in STAGES if not asked.stages or stage.name in asked.stages]
    effort = Effort(1, 0.5, quick=True) if asked.quick else Effort(asked.rounds, asked.seconds)
    results = uvloop.run(_measure(chosen, effort))
    show.table(results)
    if asked.json:
        asked.json.write_text(json.dumps(record.document(results), indent=1, ensure_ascii=False) + "\n")
    if asked.chart:
        asked.chart.write_text(record.picture(results), encoding="utf-8")
    return int(asked.strict and not all(result.met in (True, None) for result in results))


async def _measure(chosen: Sequence[Stage], effort: Effort) -> list[Result]:
    folder = _folder()
    try:
        screen.note("starting PostgreSQL and Kafka")
        async with rig(folder) as made:
            return [await rounds.run(stage, made, effort, screen.note) for stage in chosen]
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
    names = [stage.name for stage in STAGES]
    parser.add_argument("stages", nargs="*", choices=[*names, []], metavar="stage", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--chart", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--strict", action="store_true")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
