"""A watchdog that ends a process whose event loop is blocked, so that whoever runs it starts it again."""

import asyncio
import faulthandler
import os
import sys
import threading
import traceback
from collections.abc import Callable

from shared.observability.logs import get_logger

log = get_logger(__name__)
BLOCKED_EXIT = 70
"""The exit status (EX_SOFTWARE of sysexits.h)."""

CHECKS = 10
"""How often the watchdog looks during the time that a loop may be blocked."""

HARD_FACTOR = 2
"""After so many times the allowed seconds the process ends even if no Python code can run."""

LOG_SECONDS = 3.0
"""How long the last log line may take: the blocked thread may hold the lock of the log."""


class LoopWatchdog:
    """A thread that expects a sign of life of an event loop, and ends the process without one.

    It counts its own checks instead of reading a clock: a process that was frozen as a whole, loop and thread
    together, is not ended when it goes on.

    A call into C that keeps Python's lock stops the thread as well. For that there is a timer of
    faulthandler, which needs no lock, writes the stack to standard error and ends the process.
    """

    def __init__(self, seconds: float, end: Callable[[int], object] = os._exit) -> None:
        self._seconds, self._end = seconds, end
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._signs = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop-watchdog", daemon=True)

    def start(self) -> None:
        """Watch the running loop from now on; it must be called in its thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()
        faulthandler.cancel_dump_traceback_later()

    def _watch(self) -> None:
        missed = seen = 0
        self._ask_for_sign()
        while not self._stopped.wait(self._seconds / CHECKS):
            faulthandler.dump_traceback_later(self._seconds * HARD_FACTOR, exit=True)
            missed = 0 if self._signs != seen else missed + 1
            seen = self._signs
            if missed > CHECKS:
                self._end_process()
                return
            if missed == 0 and not self._ask_for_sign():
                return

    def _ask_for_sign(self) -> bool:
        """Ask the loop to give a sign; False if it is closed."""
        try:
            self._loop.call_soon_threadsafe(self._give_sign)
        except RuntimeError:
            return False
        return True

    def _give_sign(self) -> None:
        self._signs += 1

    def _end_process(self) -> None:
        faulthandler.dump_traceback_later(LOG_SECONDS, exit=True)
        frame = sys._current_frames().get(self._loop_thread)
        stack = "".join(traceback.format_stack(frame)) if frame else ""
        log.critical("loop.blocked", seconds=self._seconds, stack=stack)
        sys.stdout.flush()
        sys.stderr.flush()
        self._end(BLOCKED_EXIT)
