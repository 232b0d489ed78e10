"""Supervision of a process table: starts in order of dependency, restarts crashes, stops in reverse."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from deploy.local.launching import spawn
from deploy.local.launching.patience import Patience
from deploy.local.launching.processes import Process

FIRST_START_TRIES = 5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 5.0
"""A process that ends after so many seconds of being ready was killed: it is restarted at once."""

REPORTED_AFTER = 4.0
"""Seconds a process may lack something before it is reported: each does while it starts."""


class Phase(StrEnum):
    """The phase of a process."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ASK_EVERY_SECONDS = 3.0
"""How often a running process is asked whether it answers."""

SILENT_AFTER_SECONDS = 10.0
"""A process that has not answered for so many seconds is shown as not answering."""

STANDING_PHASES = frozenset({Phase.READY, Phase.DONE})


class StartFailedError(RuntimeError):
    """A process did not start in any of its attempts."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} did not come up: {reason}")
        self.name = name


@dataclass
class Child:
    """A row of the table with its process."""

    row: Process
    phase: Phase = Phase.WAITING
    handle: subprocess.Popen[bytes] | None = None
    since: float = field(default_factory=time.monotonic)
    not_before: float = 0.0
    crashes: int = 0
    restarts: int = 0
    was_ready: bool = False
    reason: str = ""
    lacks: str = ""
    patience: Patience | None = None
    """How long its present start is waited for."""
    asked_at: float = 0.0
    answered_at: float = 0.0
    is_answering: bool = True

    def enter(self, phase: Phase) -> None:
        self.phase, self.since, self.lacks = phase, time.monotonic(), ""
        self.asked_at = self.answered_at = self.since
        self.is_answering = True

    @property
    def age(self) -> float:
        return time.monotonic() - self.since

    def exhausted(self) -> str:
        """Why its start is waited for no longer; empty while it is."""
        return self.patience.exhausted() if self.patience else ""

    def facts(self) -> dict[str, Any]:
        """The fields that `status` shows."""
        pid = self.handle.pid if self.handle and self.handle.poll() is None else None
        return {
            "name": self.row.name,
            "phase": self.phase.value,
            "pid": pid,
            "port": self.row.port,
            "restarts": self.restarts,
            "why": self.reason,
            "lacks": self.lacks,
            "answers": self.is_answering,
            "log": str(self.row.run.log),
        }


class Supervisor:
    """Use it in the main thread: `start()` until all are ready, then `watch()` until told to stop."""

    def __init__(
        self,
        table: Sequence[Process],
        on_change: Callable[[], None] = lambda: None,
        *,
        patience: float = 10.0,
    ) -> None:
        self._patience = patience
        self.children = {row.name: Child(row) for row in table}
        self._on_change = on_change
        self._stop = threading.Event()

    def ask_to_stop(self) -> None:
        """Ask it to stop; safe in a signal handler."""
        self._stop.set()

    def start(self) -> bool:
        """Start all processes. False if told to stop before they are ready."""
        while not self._stop.is_set():
            self.step()
            if all(child.phase in STANDING_PHASES for child in self.children.values()):
                return True
            self._stop.wait(0.05)
        return False

    def watch(self) -> None:
        """Keep all running until told to stop."""
        while not self._stop.wait(0.3):
            self.step()

    def stop(self) -> None:
        """Stop all, the last started first."""
        for child in reversed(self.children.values()):
            if child.handle is not None:
                spawn.stop(child.handle, child.row.run.stop_signal, self._patience)
            if child.phase is not Phase.FAILED:
                self._enter(child, Phase.STOPPED)

    def step(self) -> None:
        """Check each process once, and start, restart or report it."""
        for child in self.children.values():
            match child.phase:
                case Phase.WAITING:
                    self._start_if_due(child)
                case Phase.STARTING:
                    self._check_ready(child)
                case Phase.READY:
                    self._check_alive(child)
                case Phase.DONE | Phase.FAILED | Phase.STOPPED:
                    pass

    def _start_if_due(self, child: Child) -> None:
        needs_met = (self.children[name].phase in STANDING_PHASES for name in child.row.needs)
        if time.monotonic() >= child.not_before and all(needs_met):
            row = child.row
            child.handle = spawn.start(row.run)
            child.patience = Patience(
                row.run.log, row.answers, silent=row.silent_seconds, limit=row.limit_seconds
            )
            self._enter(child, Phase.STARTING)

    def _check_ready(self, child: Child) -> None:
        exit_code = child.handle.poll() if child.handle else None
        if exit_code == 0 and child.row.ready is None:
            self._enter(child, Phase.DONE)
        elif exit_code is not None:
            self._record_crash(child, f"ended with {exit_code}")
        elif child.row.ready is not None and child.row.ready():
            child.was_ready, child.reason = True, ""
            self._enter(child, Phase.READY)
        elif report := child.row.lacks():
            self._record_report(child, report)
        elif reason := child.exhausted():
            self._end(child)
            self._record_crash(child, reason)

    def _record_report(self, child: Child, report: str) -> None:
        """Note the report of a running process about what it lacks: a restart would not help."""
        if child.patience:
            child.patience.begin_again()
        if child.lacks != report and child.age > REPORTED_AFTER:
            child.lacks = report
            self._on_change()

    def _check_alive(self, child: Child) -> None:
        exit_code = child.handle.poll() if child.handle else None
        if child.crashes and child.age > STEADY_AFTER:
            child.crashes = 0
        if exit_code is not None:
            self._record_crash(child, f"ended with {exit_code}")
        elif child.row.alive is not None and time.monotonic() - child.asked_at > ASK_EVERY_SECONDS:
            self._ask_alive(child, child.row.alive)

    def _ask_alive(self, child: Child, alive: Callable[[], bool]) -> None:
        """Note whether a running process answers. Its own watchdog ends it if its event loop is blocked."""
        is_alive = alive()
        child.asked_at = time.monotonic()
        if is_alive:
            child.answered_at = child.asked_at
        is_answering = child.asked_at - child.answered_at < SILENT_AFTER_SECONDS
        if is_answering != child.is_answering:
            child.is_answering = is_answering
            self._on_change()

    def _record_crash(self, child: Child, reason: str) -> None:
        child.crashes, child.restarts, child.reason = child.crashes + 1, child.restarts + 1, reason
        if not child.was_ready and child.crashes >= FIRST_START_TRIES:
            self._enter(child, Phase.FAILED)
            raise StartFailedError(child.row.name, reason)
        child.not_before = time.monotonic() + min(LONGEST_PAUSE, 0.25 * 2**child.crashes)
        self._enter(child, Phase.WAITING)

    def _end(self, child: Child) -> None:
        if child.handle is not None:
            spawn.stop(child.handle, child.row.run.stop_signal, self._patience)

    def _enter(self, child: Child, phase: Phase) -> None:
        child.enter(phase)
        self._on_change()
