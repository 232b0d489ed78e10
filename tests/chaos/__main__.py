"""`python -m tests.chaos kills …`: what `motcua chaos` starts. Exit code 0 only if all holds."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from deploy.local.home import Home, home
from tests.chaos.kills import plan as planning
from tests.chaos.kills import scale
from tests.chaos.kills.run import Options, run
from tests.chaos.start_stop import killed, moments


def main(arguments: list[str]) -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    commands = parser.add_subparsers(required=True)
    _kills(commands.add_parser("kills", help="kill processes while dossiers flow, then judge all data"))
    _start_stop(commands.add_parser("start-stop", help="kill the launcher at random moments of its life"))
    _scale(commands.add_parser("scale", help="one routing process beside two, of which one is killed"))
    said = parser.parse_args(arguments)
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, _interrupt)  # also where a script started us with Ctrl-C ignored
    try:
        return said.act(said)
    except KeyboardInterrupt:
        return 130


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _kills(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--what", default=",".join(planning.GROUPS))
    parser.add_argument("--dossiers", type=int, default=150)
    parser.add_argument("--routing", type=int, default=1, choices=(1, 2))
    parser.add_argument("--report", type=Path)
    parser.set_defaults(act=_run_kills)


def _start_stop(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(act=_run_start_stop)


def _run_start_stop(said: argparse.Namespace) -> int:
    place, console = Home(home().folder / "start-stop"), _console()
    finding = killed.kill_at_each(moments.make(said.seed, said.moments), place, console)
    finding.print(console)
    return 0 if finding.holds else 1


def _scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dossiers", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(act=_run_scale)


def _run_scale(said: argparse.Namespace) -> int:
    place, console = Home(home().folder / "scale"), _console()
    legs = scale.compare(said.dossiers, said.rounds, said.seed, place, console)
    scale.show(legs, console)
    return 0 if all(leg.outcome.verdict.holds for leg in legs) else 1


def _run_kills(said: argparse.Namespace) -> int:
    instances = (*planning.SERVICES, *(["routing-1"] if said.routing == 2 else []))
    plan = planning.make(said.seed, said.kills, said.what.split(","), instances)
    options = Options(said.seed, plan, said.dossiers, said.routing, report=said.report)
    return 0 if run(options, Home(home().folder / "chaos"), _console()).verdict.holds else 1


def _console() -> Console:
    return Console(highlight=False, markup=True, emoji=False, soft_wrap=not sys.stdout.isatty())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
