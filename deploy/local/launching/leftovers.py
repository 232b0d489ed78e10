"""Processes of a stack found by the tag in their environment, whoever started them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import psutil

from deploy.local.home import TAG_VARIABLE, Home


def tagged(home: Home) -> Iterator[psutil.Process]:
    """All processes of this checkout's stack except this one and its ancestors."""
    own_pids = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        if process.pid not in own_pids and tag_in(process) == home.tag:
            yield process


def tag_in(process: psutil.Process) -> str | None:
    """The tag of a process; None if it ended, belongs to others or has none."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(TAG_VARIABLE)
    except psutil.Error:
        return None


def end_leftovers(home: Home, patience: float = 5.0) -> int:
    """End the processes of an earlier launcher. Returns their number.

    They get SIGINT: PostgreSQL's fast shutdown, and an ordinary end for the others.
    """
    processes = list(tagged(home))
    for process in processes:
        _send(process, signal.SIGINT)
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=patience)
    return len(processes)


def _send(process: psutil.Process, signal_number: signal.Signals) -> None:
    with suppress(psutil.Error):
        process.send_signal(signal_number)
