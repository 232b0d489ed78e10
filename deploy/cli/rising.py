"""Progress of a starting stack, and its addresses once it is ready."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any

from deploy.cli import screen
from deploy.local.launching.control import Progress
from deploy.local.stack import Stack
from shared.words.product import PRODUCT

COUNT = re.compile(r"(\d+) of (\d+)")
SLOW_SECONDS = 15.0
"""Seconds before a missing check is reported: every service lacks some while it starts."""


class StartProgress:
    """Rewrites one line on a terminal; elsewhere it prints a line when something is ready or goes wrong."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started_at = clock, clock()
        self._printed: set[Hashable] = set()
        self._since: dict[str, float] = {}

    def report(self, progress: Progress) -> None:
        """Show a change of the launcher's progress."""
        slow = self._slow(progress)
        line = f"{self._clock() - self._started_at:5.1f} s  {describe(progress, slow)}"
        if screen.err.is_terminal:
            screen.rewrite(line)
            return
        step = milestone(progress, slow)
        if step not in self._printed:
            self._printed.add(step)
            screen.note(line)

    def _slow(self, progress: Progress) -> frozenset[str]:
        """The services that have been starting for long."""
        starting = [str(row["name"]) for row in progress.get("processes", []) if row["phase"] == "starting"]
        now = self._clock()
        self._since = {name: self._since.get(name, now) for name in starting}
        return frozenset(name for name, since in self._since.items() if now - since >= SLOW_SECONDS)


def describe(progress: Progress, slow: Collection[str] = ()) -> str:
    """The launcher's progress in one line, with the missing checks of slow services."""
    if progress.get("phase") != "starting":
        detail = progress.get("detail")
        return f"{progress.get('phase', '')}{': ' + str(detail) if detail else ''}"
    rows = progress.get("processes", [])
    ready = [row["name"] for row in rows if row["phase"] in ("ready", "done")]
    starting = [_process_text(row, slow) for row in rows if row["phase"] == "starting"]
    return f"{len(ready)} of {len(rows)} ready" + (f"; starting {', '.join(starting)}" if starting else "")


def milestone(progress: Progress, slow: Collection[str] = ()) -> Hashable:
    """What has to differ for another line where lines cannot be rewritten.

    While processes start: which are ready, and what is said of the others. Before: the detail, of whose
    counts only the first and the last.
    """
    if progress.get("phase") == "starting":
        rows = progress.get("processes", [])
        ready = frozenset(row["name"] for row in rows if row["phase"] in ("ready", "done"))
        texts = {_process_text(row, slow) for row in rows if row["phase"] == "starting"}
        return ready, frozenset(texts - {row["name"] for row in rows})
    detail = str(progress.get("detail") or "")
    count = COUNT.search(detail)
    if count and count[1] != count[2]:
        detail = detail.replace(count[0], "")
    return progress.get("phase"), detail


def _process_text(row: Mapping[str, Any], slow: Collection[str]) -> str:
    restart_note, missing = row["why"] and f"again: {row['why']}", row["name"] in slow and row["lacks"]
    notes = "; ".join(note for note in (restart_note, missing) if note)
    return f"{row['name']} ({notes})" if notes else str(row["name"])


def show_links(stack: Stack) -> None:
    """Print the addresses to open."""
    screen.table(
        f"{PRODUCT} is open",
        ("what", "where"),
        [
            ("start here", stack.intake_url),
            ("counter", f"{stack.intake_url}/counter"),
            ("office desks", f"{stack.routing_url}/desk"),
            ("operations board", f"{stack.routing_url}/board"),
            ("phones and mailboxes", stack.sinks_url),
        ],
    )
