"""Progress of a starting stack, and its addresses once it is ready."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from deploy.cli import screen
from deploy.local.launching.control import Progress
from deploy.local.stack import Stack
from shared.words.product import PRODUCT

SLOW_SECONDS = 15.0
"""Seconds before a missing check is reported: every service lacks some while it starts."""


class StartProgress:
    """Prints each step once; on a terminal it rewrites the last line."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started_at = clock, clock()
        self._last_text = ""
        self._since: dict[str, float] = {}

    def report(self, progress: Progress) -> None:
        """Print a change of the launcher's progress."""
        text = describe(progress, self._slow(progress))
        if text and text != self._last_text:
            self._last_text = text
            screen.note(f"{self._clock() - self._started_at:5.1f} s  {text}")

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
