"""The machine's clock set back an hour, as far as the product looks at it; monotonic time runs on."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from shared import clock
from shared.events import identifiers

HOUR = timedelta(hours=1)


@contextmanager
def hour_back() -> Iterator[None]:
    """For the length of the block."""
    true_now, true_ns = clock.machine_now, time.time_ns
    _everywhere("machine_now", true_now, lambda: _earlier(true_now()))
    time_there = identifiers.time
    identifiers.time = _Earlier()
    try:
        yield
    finally:
        identifiers.time = time_there
        _back("machine_now", true_now)
    assert time.time_ns is true_ns


class _Earlier:
    """Stands for the module `time` where ids are made."""

    @staticmethod
    def time_ns() -> int:
        return time.time_ns() - int(HOUR.total_seconds()) * 10**9


def _earlier(now: datetime) -> datetime:
    return now - HOUR


def _everywhere(name: str, true: object, false: object) -> None:
    """Modules hold the function by its name."""
    for module in list(sys.modules.values()):
        if getattr(module, name, None) is true:
            setattr(module, name, false)
            _changed.append(module)


def _back(name: str, true: object) -> None:
    while _changed:
        setattr(_changed.pop(), name, true)


_changed: list[object] = []
