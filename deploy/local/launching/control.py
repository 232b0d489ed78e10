"""Control of the launcher: start it, follow it until the stack is ready, stop it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from deploy.local.home import CHECKOUT, TAG_VARIABLE, Home
from deploy.local.launching import spawn
from deploy.local.launching.leftovers import end_leftovers, tag_in
from deploy.local.launching.lock import AlreadyRunningError, is_held
from deploy.local.stack import Stack, read_stack

Progress = Mapping[str, Any]
LAUNCHER_LOG = "launcher"


@dataclass(frozen=True)
class RunningStack:
    """A ready stack and its launcher."""

    stack: Stack
    launcher: subprocess.Popen[bytes]


class LaunchFailedError(RuntimeError):
    """The stack did not start. The message names the failed process and its log."""


def start_launcher(home: Home, at: str | None, *, tied: bool) -> subprocess.Popen[bytes]:
    """Start it in its own session. `tied`: it ends with this process, else it stays."""
    home.make()
    argv = [sys.executable, "-m", "deploy.local.launching.launcher", *(["--at", at] if at else [])]
    env = {TAG_VARIABLE: home.tag, "MOTCUA_HOME": str(home.folder)}
    log = home.log_of(LAUNCHER_LOG)
    if tied:
        return spawn.start(spawn.Run(argv, log, env, cwd=CHECKOUT))
    with log.open("ab") as out:
        return subprocess.Popen(
            argv,
            env={**os.environ, **env},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def follow(
    home: Home, launcher: subprocess.Popen[bytes] | None, on_change: Callable[[Progress], None]
) -> Stack:
    """Report each change until the stack is ready. `launcher`: the one we started, if any.

    Raises AlreadyRunningError if ours found another at work, LaunchFailedError if the stack did not start.
    """
    last_progress: Progress = {}
    while True:
        exit_code = launcher.poll() if launcher else None
        progress = read_progress(home)
        if launcher is None or progress.get("pid") == launcher.pid:
            if progress != last_progress:
                on_change(progress)
                last_progress = progress
            if progress.get("phase") == "ready" and home.stack_file.exists():
                return read_stack(home)
        if exit_code is not None and is_held(home):
            # Another has the lock, and may have ended ours, which wears the same tag, as a leftover.
            raise AlreadyRunningError
        if exit_code is not None or (launcher is None and not is_held(home)):
            raise LaunchFailedError(_failure_message(home, last_progress))
        time.sleep(0.1)


@contextmanager
def running_stack(
    home: Home, at: str | None, on_change: Callable[[Progress], None]
) -> Iterator[RunningStack]:
    """A stack for the duration of the block; it ends with this process, however that ends.

    Raises AlreadyRunningError, and leaves the other stack alone, if one was started meanwhile.
    """
    launcher = start_launcher(home, at, tied=True)
    is_ours = True
    try:
        yield RunningStack(follow(home, launcher, on_change), launcher)
    except AlreadyRunningError:
        is_ours = False
        raise
    finally:
        if is_ours:
            _end(home, launcher)


def _end(home: Home, launcher: subprocess.Popen[bytes]) -> None:
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
    spawn.stop(launcher, signal.SIGTERM, patience=60)
    end_leftovers(home)


def stop(home: Home, patience: float = 60.0) -> bool:
    """Stop the stack and all processes with its tag. False if nothing was running."""
    was_running = is_held(home)
    if was_running:
        _signal_launcher(home)
        deadline = time.monotonic() + patience
        while is_held(home) and time.monotonic() < deadline:
            time.sleep(0.05)
    return bool(end_leftovers(home)) or was_running


def read_progress(home: Home) -> Progress:
    """The launcher's last progress."""
    try:
        return json.loads(home.progress_file.read_text("utf-8"))
    except FileNotFoundError:
        return {}


def _signal_launcher(home: Home) -> None:
    """Signal only a process with our tag: its id may belong to another process by now."""
    pid = read_progress(home).get("pid")
    if isinstance(pid, int) and psutil.pid_exists(pid) and tag_in(psutil.Process(pid)) == home.tag:
        os.kill(pid, signal.SIGTERM)


def _failure_message(home: Home, last: Progress) -> str:
    detail = str(last.get("detail") or "the launcher ended before the stack was ready")
    failed = [row["log"] for row in last.get("processes", []) if row["phase"] == "failed"]
    return f"{detail} (log: {failed[0] if failed else home.log_of(LAUNCHER_LOG)})"
