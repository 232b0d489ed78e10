"""Showing a stack as it comes up, and what is there when it stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from deploy.cli import screen
from deploy.local.launching.control import Progress
from deploy.local.stack import Stack
from shared.words.product import PRODUCT

SLOW_SECONDS = 15.0
"""What a service lacks in its first seconds is only news when it goes on lacking it."""


class StartProgress:
    """Says each step once; on a terminal the last line is rewritten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._started_at = clock, clock()
        self._last_text = ""
        self._since: dict[str, float] = {}

    def report(self, progress: Progress) -> None:
        """One change of the launcher's progress."""
        text = describe(progress, self._slow(progress))
        if text and text != self._last_text:
            self._last_text = text
            screen.note(f"{self._clock() - self._started_at:5.1f} s  {text}")

    def _slow(self, progress: Progress) -> frozenset[str]:
        """Which services have been starting for so long that one would ask why."""
        starting = [str(row["name"]) for row in progress.get("processes", []) if row["phase"] == "starting"]
        now = self._clock()
        self._since = {name: self._since.get(name, now) for name in starting}
        return frozenset(name for name, since in self._since.items() if now - since >= SLOW_SECONDS)


def describe(progress: Progress, slow: Collection[str] = ()) -> str:
    """A launcher's progress in one line; of those that are slow, what they still lack."""
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
    """The addresses a person opens."""
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
