"""The command line: its commands, and the exit codes for all errors."""

from __future__ import annotations

import signal
import sys
import tomllib
import traceback
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import NoReturn

from cyclopts import App, Parameter
from cyclopts.exceptions import CycloptsError

from deploy.cli import calendar, catalogue, clock, exits, held_records, prove, screen
from deploy.cli.asyncapi import asyncapi
from deploy.cli.bench import bench
from deploy.cli.chaos import chaos
from deploy.cli.demo import demo
from deploy.cli.doctor import doctor
from deploy.cli.down import down
from deploy.cli.due import due
from deploy.cli.dump import dump
from deploy.cli.examples import examples_of
from deploy.cli.file import file
from deploy.cli.logs import logs
from deploy.cli.reconcile import reconcile
from deploy.cli.reset import reset
from deploy.cli.status import status
from deploy.cli.test import test
from deploy.cli.topics import topics
from deploy.cli.trace import trace
from deploy.cli.up import up
from deploy.local.home import CHECKOUT, home
from deploy.local.launching.control import LaunchFailedError
from deploy.local.launching.lock import AlreadyRunningError
from deploy.local.stack import NotRunningError
from shared.words.product import PRODUCT

COMMANDS: tuple[tuple[Callable[..., int], str, tuple[str, ...]], ...] = (
    (demo, "demo", ("motcua demo", "motcua demo --once --seed 7")),
    (up, "up", ("motcua up", "motcua up --detach --at 2026-03-06T09:00:00+07:00")),
    (down, "down", ("motcua down",)),
    (status, "status", ("motcua status", "motcua status --json")),
    (reset, "reset", ("motcua reset", "motcua reset --yes")),
    (logs, "logs", ("motcua logs routing", "motcua logs intake --follow")),
    (
        file,
        "file",
        (
            "motcua file deploy/demo/dossiers-sample.jsonl --lang vi",
            "motcua file dossiers.jsonl --json --show-secrets",
        ),
    ),
    (trace, "trace", ("motcua trace H26.103.25.1-260306-0001",)),
    (due, "due", ("motcua due < ledgers.jsonl > dates.jsonl",)),
    (dump, "dump", ("motcua dump --canonical > world.txt",)),
    (reconcile, "reconcile", ("motcua reconcile --dry-run", "motcua reconcile --margin 500 --json")),
    (topics, "topics", ("motcua topics", "motcua topics --json")),
    (asyncapi, "asyncapi", ("motcua asyncapi routing", "motcua asyncapi --write")),
    (doctor, "doctor", ("motcua doctor",)),
    (
        test,
        "test",
        ("motcua test", "motcua test unit", "motcua test integration -k relay", "motcua test style"),
    ),
    (bench, "bench", ("motcua bench --json seen.json", "motcua bench soak --minutes 3")),
    (chaos, "chaos", ("motcua chaos --kills 8 --dossiers 150", "motcua chaos --seed 7 --report chaos.json")),
)
FAULTS = "motcua"
"""The name of the log of commands that failed in an unforeseen way."""
GROUPS = (clock.app, held_records.app, catalogue.app, calendar.app, prove.app)


@cache
def build() -> App:
    """The command line with all commands, in the usual order of use."""
    app = App(
        name="motcua",
        help=f"{PRODUCT}: one door for a citizen's dossier. Runs the whole city office on this machine.",
        version=version(),
        help_epilogue="Exit codes: 0 done; 1 a check failed or some items were refused; 2 wrong usage; "
        "3 the stack is not running; 130 interrupted.",
        help_format="plaintext",
        default_parameter=Parameter(negative=()),
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
    )
    for number, (function, name, examples) in enumerate(COMMANDS):
        app.command(function, name=name, help_epilogue=examples_of(*examples), sort_key=number)
    for group in GROUPS:
        app.command(group)
    return app


def version() -> str:
    """The version pyproject.toml names."""
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def main() -> int:
    """Run one command line. Returns its exit code."""
    signal.signal(signal.SIGINT, _interrupt)  # also where a script started us with Ctrl-C ignored
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except BrokenPipeError:
        return exits.DONE
    except Exception as error:
        return _report_fault(error)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    try:
        exit_code = build()(arguments)
    except CycloptsError as error:
        screen.complain(str(error))
        return exits.WRONG_USAGE
    except exits.UsageError as error:
        screen.complain(str(error))
        return exits.WRONG_USAGE
    except NotRunningError as error:
        screen.complain(str(error))
        return exits.NOT_RUNNING
    except (exits.CommandFailedError, LaunchFailedError, AlreadyRunningError) as error:
        screen.complain(str(error))
        return exits.FAILED
    return exit_code if isinstance(exit_code, int) else exits.DONE


def _report_fault(error: Exception) -> int:
    """Say in a sentence that something unforeseen happened, and keep the traceback in a log."""
    place = home()
    sentence = f"motcua {' '.join(sys.argv[1:2])} failed: {type(error).__name__} {error}".strip()
    try:
        place.make()
        with place.log_of(FAULTS).open("a", encoding="utf-8") as log:
            traceback.print_exception(error, file=log)
    except OSError as unwritable:
        screen.complain(f"{sentence}. Its log could not be written either: {unwritable}")
        return exits.FAILED
    log_path = place.log_of(FAULTS)
    screen.complain(
        f"{sentence}. What is missing on this machine: ./motcua doctor; where it failed: {log_path}"
    )
    return exits.FAILED


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
