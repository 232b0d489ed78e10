"""Ledgers as `motcua due` reads them, with the fewest words, and their answers."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from shared.catalogue.loading.load import load_calendars
from shared.worktime import DatedCalendar
from shared.worktime.jsonl import answer_line
from tests.builders.catalogue import FOLDER

LATER = "2027-06-01 08:00"
"""After all that happens in the examples."""

Event = dict[str, Any]


@cache
def calendars() -> dict[str, DatedCalendar]:
    """The city's calendars."""
    return load_calendars(FOLDER)


def wire(text: str) -> str:
    """`2026-03-06 15:00` (or with seconds) of the city as an instant on the wire."""
    return datetime.fromisoformat(text).isoformat() + "+07:00"


def event(type: str, at: str, **more: Any) -> Event:
    """One event."""
    return {"type": type, "at": wire(at), **more}


def ledger(limit: str, accepted: str, *events: Event, now: str = LATER, **more: Any) -> dict[str, Any]:
    """A dossier's ledger: `working_day 8`, accepted then."""
    unit, amount = limit.split()
    known = {"kind": "dossier", "calendar": "hn", "unit": unit, "amount": float(amount)}
    return {**known, "accepted_at": wire(accepted), "now": wire(now), "events": list(events), **more}


def clock_answer(raw: object) -> dict[str, Any]:
    """What is answered to this line."""
    line = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return json.loads(answer_line(line, calendars())[0])


def reckoned(limit: str, accepted: str, *events: Event, now: str = LATER, **more: Any) -> dict[str, Any]:
    """The dates of such a ledger."""
    found = clock_answer(ledger(limit, accepted, *events, now=now, **more))
    assert "error" not in found, found["error"]
    return found


def due(limit: str, accepted: str, *events: Event, now: str = LATER, **more: Any) -> str:
    """Its due date alone, as people write it: `2026-03-06 17:00`."""
    return short(reckoned(limit, accepted, *events, now=now, **more)["due_at"])


def short(instant: str | None) -> str:
    """An instant of the wire as people write it; seconds only where there are any."""
    assert instant is not None, "there is no such date"
    assert instant.endswith("+07:00")
    return instant.removesuffix("+07:00").removesuffix(":00").replace("T", " ")
