"""Showing a stack as it comes up, and what is there when it stands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from deploy.cli import screen
from deploy.local.control import Progress
from deploy.local.stack import Stack


class Rising:
    """Says each step once; on a terminal the last line is rewritten."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._told = ""

    def tell(self, progress: Progress) -> None:
        """One change of the launcher's progress."""
        text = describe(progress)
        if text and text != self._told:
            self._told = text
            screen.note(f"{time.monotonic() - self._began:5.1f} s  {text}")


def describe(progress: Progress) -> str:
    """A launcher's progress in one line."""
    if progress.get("phase") != "starting":
        detail = progress.get("detail")
        return f"{progress.get('phase', '')}{': ' + str(detail) if detail else ''}"
    rows = progress.get("processes", [])
    standing = [row["name"] for row in rows if row["phase"] in ("ready", "done")]
    coming = [_named(row) for row in rows if row["phase"] == "starting"]
    return f"{len(standing)} of {len(rows)} ready" + (f"; starting {', '.join(coming)}" if coming else "")


def _named(row: Mapping[str, Any]) -> str:
    again, lacks = row["why"] and f"again: {row['why']}", row["lacks"]
    notes = "; ".join(note for note in (again, lacks) if note)
    return f"{row['name']} ({notes})" if notes else str(row["name"])


def show_links(stack: Stack) -> None:
    """The addresses a person opens."""
    screen.table(
        "Một Cửa is open",
        ("what", "where"),
        [
            ("start here", stack.intake_url),
            ("counter", f"{stack.intake_url}/counter"),
            ("office desks", f"{stack.routing_url}/desk"),
            ("operations board", f"{stack.routing_url}/board"),
            ("phones and mailboxes", stack.sinks_url),
        ],
    )
