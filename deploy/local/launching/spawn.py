"""Starting and stopping of child processes that cannot outlive this one."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Run:
    """A program to run."""

    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    user: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM


def start(run: Run) -> subprocess.Popen[bytes]:
    """Start it in its own session. It gets its stop signal when this process ends, however that ends."""
    if threading.current_thread() is not threading.main_thread():
        # The death signal depends on the *thread* that forked: a worker's end would stop the child.
        raise RuntimeError("children are started from the main thread only")
    run.log.parent.mkdir(parents=True, exist_ok=True)
    with run.log.open("ab") as log:
        return subprocess.Popen(
            list(run.argv),
            env=dict(os.environ) | dict(run.env),
            cwd=run.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=run.user,
            group=run.user,
            extra_groups=[] if run.user is not None else None,
            preexec_fn=_tie_to(os.getpid(), run.stop_signal),  # noqa: PLW1509 - must happen between fork and exec
        )


def stop(child: subprocess.Popen[bytes], with_signal: signal.Signals, patience: float) -> bool:
    """Ask it to end, and kill its session if it does not. True if asking was enough."""
    if child.poll() is not None:
        return True
    child.send_signal(with_signal)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return False
    return True


def _tie_to(parent: int, death_signal: int) -> Callable[[], None]:
    def tie() -> None:
        # A script that put us in the background made us ignore Ctrl-C; our children must not inherit that.
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, signal.SIG_DFL)
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie
