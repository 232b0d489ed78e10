"""How long a starting server is waited for: as long as it makes progress, up to a limit far away."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

SILENT_SECONDS = 180.0
"""A server that shows no progress for so long is ended."""

LIMIT_SECONDS = 3600.0
"""A server that is not ready after so long is ended, whatever it shows."""


class Patience:
    """Seconds since the last sign of progress of one start: its log has grown, or its port answers."""

    def __init__(
        self,
        log: Path,
        answers: Callable[[], bool] = lambda: False,
        *,
        silent: float = SILENT_SECONDS,
        limit: float = LIMIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._answers, self._clock = log, answers, clock
        self._silent, self._limit = silent, limit
        self._started_at = self._progress_at = clock()
        self._log_size = _size_of(log)

    def begin_again(self) -> None:
        """Forget the time that has passed: it reported what it waits for, and a restart would not help."""
        self._started_at = self._progress_at = self._clock()

    def exhausted(self) -> str:
        """Why it is waited for no longer; empty while it is."""
        now, size = self._clock(), _size_of(self._log)
        if size != self._log_size or self._answers():
            self._log_size, self._progress_at = size, now
        if now - self._progress_at > self._silent:
            return f"not ready, and no progress for {self._silent:.0f} s"
        if now - self._started_at > self._limit:
            return f"not ready after {self._limit:.0f} s"
        return ""


def _size_of(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0
