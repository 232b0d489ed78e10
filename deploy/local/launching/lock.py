"""A lock for one launcher per checkout; the kernel releases it however its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.home import Home

ALREADY_RUNNING = 75
"""The exit code of a launcher that found another one at work."""


class AlreadyRunningError(RuntimeError):
    """Another launcher holds this checkout."""

    def __str__(self) -> str:
        return "a stack is running or starting here already: ./motcua status shows it, ./motcua down stops it"


@contextmanager
def hold_lock(home: Home, patience: float = 2.0) -> Iterator[None]:
    """Hold the lock for the duration of the block."""
    descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try_lock(descriptor, patience):
            raise AlreadyRunningError
        yield
    finally:
        os.close(descriptor)


def is_held(home: Home) -> bool:
    """Whether a launcher is running."""
    try:
        descriptor = os.open(home.lock_file, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _try_lock(descriptor: int, patience: float) -> bool:
    """Try for a moment, because `is_held` takes the lock briefly."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False
