"""The launcher process: `python -m deploy.local.launching.launcher [--at INSTANT]`.

It holds the checkout's lock, ends processes of an earlier launcher, starts the process table, writes its
progress to `.motcua/launcher.json` and the ready stack to `.motcua/stack.json`, and supervises until stopped.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from deploy.local import keys
from deploy.local.home import Home, home, write_private
from deploy.local.launching import assemble
from deploy.local.launching.leftovers import end_leftovers
from deploy.local.launching.lock import ALREADY_RUNNING, AlreadyRunningError, hold_lock
from deploy.local.launching.processes import WrongSettingError
from deploy.local.launching.supervisor import StartFailedError, Supervisor
from deploy.local.parties import read_parties
from deploy.local.servers.java import NoJava
from deploy.local.servers.kafka import KafkaFailed
from deploy.local.servers.kafka_jars import JarFailed
from deploy.local.servers.postgres import PostgresFailed
from deploy.local.stack import write_stack

FOR_PEOPLE = (WrongSettingError, PostgresFailed, KafkaFailed, JarFailed, NoJava, PermissionError)
"""Errors whose messages say what happened and what helps."""


@dataclass
class Progress:
    """The launcher's progress, as a file for its followers."""

    home: Home
    phase: str = "preparing"
    detail: str = ""
    data: str = ""
    started_at: float = field(default_factory=time.time)
    supervisor: Supervisor | None = None

    def say(self, detail: str) -> None:
        self.detail = detail
        self.write()

    def enter(self, phase: str, detail: str = "") -> None:
        self.phase, self.detail = phase, detail
        self.write()

    def write(self) -> None:
        write_private(self.home.progress_file, self.facts())

    def facts(self) -> dict[str, Any]:
        children = self.supervisor.children.values() if self.supervisor else ()
        return {
            "pid": os.getpid(),
            "phase": self.phase,
            "detail": self.detail,
            "data": self.data,
            "started_at": self.started_at,
            "processes": [child.facts() for child in children],
        }


def main() -> int:
    """Run until told to stop. Returns 1 if the stack did not start, ALREADY_RUNNING if another is at work."""
    os.umask(0o022)  # PostgreSQL's user must read our files
    at = sys.argv[2] if sys.argv[1:2] == ["--at"] else None
    place = home()
    place.make()
    try:
        with hold_lock(place):
            return _run(Progress(place), at)
    except AlreadyRunningError:
        return ALREADY_RUNNING


def _run(progress: Progress, at: str | None) -> int:
    place = progress.home
    place.stack_file.unlink(missing_ok=True)
    progress.enter("preparing")
    try:
        end_leftovers(place)
        plan = assemble.plan(place, keys.load_or_make(place, read_parties()), at, progress.say)
        progress.data = str(plan.data or "")
        return _supervise(progress, plan)
    except Exception as error:
        progress.enter("failed", sentence_of(error))
        raise
    finally:
        place.stack_file.unlink(missing_ok=True)


def sentence_of(error: Exception) -> str:
    """What its user reads: the message if it was written for people, else where to look."""
    if isinstance(error, FOR_PEOPLE):
        return str(error)
    text = f"{type(error).__name__} {error}".strip()
    return f"the launcher failed ({text}); ./motcua doctor says what is missing, and the log says where"


def _supervise(progress: Progress, plan: assemble.Plan) -> int:
    supervisor = Supervisor(plan.table, progress.write)
    progress.supervisor = supervisor
    for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signal_number, lambda *_: supervisor.ask_to_stop())
    try:
        progress.enter("starting")
        if supervisor.start():
            write_stack(plan.stack, progress.home)
            progress.enter("ready")
            supervisor.watch()
    except StartFailedError as error:
        supervisor.stop()
        progress.enter("failed", str(error))
        return 1
    progress.home.stack_file.unlink(missing_ok=True)
    progress.enter("stopping")
    supervisor.stop()
    progress.enter("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
