"""One line in, one line out: whatever is wrong with a line becomes its answer."""

from collections.abc import Mapping
from typing import Any

import orjson

from shared.worktime.calendar import OutsideCalendar
from shared.worktime.jsonl.fields import Fields
from shared.worktime.jsonl.json_text import parse_object
from shared.worktime.jsonl.ledgers import read_ledger, read_window
from shared.worktime.jsonl.writing import advice_object, error_object, reckoned_object
from shared.worktime.ledger import Kind
from shared.worktime.publications import DatedCalendar
from shared.worktime.reckon import reckon
from shared.worktime.refused import LedgerRefused, Why
from shared.worktime.window import advise

Calendars = Mapping[str, DatedCalendar]


def answer(line: bytes, calendars: Calendars) -> tuple[bytes, bool]:
    """The result for a ledger, or its error object; and whether it is a result. Never raises for a line."""
    said: dict[str, Any] = {}
    try:
        fields = Fields(parse_object(line))
        name = fields.optional_text("id")
        if name is not None:
            said["id"] = name
        said |= _result(fields, calendars)
        good = True
    except LedgerRefused as refused:
        said["error"] = error_object(refused)
        good = False
    return orjson.dumps(said), good


def _result(fields: Fields, calendars: Calendars) -> dict[str, Any]:
    kind = fields.one_of("kind", Kind)
    try:
        if kind is Kind.WINDOW:
            window, now = read_window(fields, calendars)
            return advice_object(advise(window, now))
        ledger, now = read_ledger(fields, kind, calendars)
        return reckoned_object(reckon(ledger, now))
    except OutsideCalendar as outside:
        raise LedgerRefused(Why.OUTSIDE_CALENDAR, None, str(outside)) from None
