"""The answer to one line; an invalid line is answered with an error object."""

from collections.abc import Mapping
from typing import Any

import orjson

from shared.worktime.calendar.calendar import OutsideCalendarError
from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.clock.read_clock import read_clock
from shared.worktime.clock.window import advise
from shared.worktime.errors import LedgerError, LedgerErrorCode
from shared.worktime.jsonl.fields import FieldReader
from shared.worktime.jsonl.json_text import parse_object
from shared.worktime.jsonl.ledgers import parse_ledger, parse_window
from shared.worktime.jsonl.writing import advice_to_json, clock_to_json, error_to_json
from shared.worktime.ledger.ledger import ClockKind

Calendars = Mapping[str, DatedCalendar]


def answer_line(line: bytes, calendars: Calendars) -> tuple[bytes, bool]:
    """The answer as bytes, and whether it is a result rather than an error. Does not raise for any line."""
    result: dict[str, Any] = {}
    try:
        fields = FieldReader(parse_object(line))
        name = fields.optional_text("id")
        if name is not None:
            result["id"] = name
        result |= _result(fields, calendars)
        is_result = True
    except LedgerError as error:
        result["error"] = error_to_json(error)
        is_result = False
    return orjson.dumps(result), is_result


def _result(fields: FieldReader, calendars: Calendars) -> dict[str, Any]:
    kind = fields.one_of("kind", ClockKind)
    try:
        if kind is ClockKind.WINDOW:
            window, now = parse_window(fields, calendars)
            return advice_to_json(advise(window, now))
        ledger, now = parse_ledger(fields, kind, calendars)
        return clock_to_json(read_clock(ledger, now))
    except OutsideCalendarError as error:
        raise LedgerError(LedgerErrorCode.OUTSIDE_CALENDAR, None, str(error)) from None
