"""Parsing of events, each checked by itself. `ledger.history` checks whether they fit together."""

from datetime import date, datetime
from typing import Any

from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.errors import LedgerErrorCode
from shared.worktime.jsonl.fields import FieldReader
from shared.worktime.ledger.ledger import ClockEvent, ClockEventType


def parse_events(fields: FieldReader, calendar: DatedCalendar) -> tuple[ClockEvent, ...]:
    """The events in the order of the list; none if there is no list. Raises LedgerError."""
    if fields.optional("events") is None:
        return ()
    return tuple(_event(fields, index, item, calendar) for index, item in enumerate(fields.array("events")))


def _event(ledger: FieldReader, index: int, raw: Any, calendar: DatedCalendar) -> ClockEvent:
    if not isinstance(raw, dict):
        ledger.reject(LedgerErrorCode.BAD_FIELD, f"events[{index}]", "an event is an object")
    fields = FieldReader(raw, f"events[{index}].")
    fact = fields.one_of("type", ClockEventType)
    at = fields.instant("at", calendar)
    match fact:
        case ClockEventType.EXTENDED:
            return ClockEvent(fact, at, working_days=int(fields.number("working_days", 1, 1000, 1)))
        case ClockEventType.CALENDAR_PUBLISHED:
            if fields.optional("worked") is None:  # one of the two may be left out, not both
                fields.required("off")
            off = _dates(fields, "off", (), at, calendar)
            return ClockEvent(fact, at, off=off, worked=_dates(fields, "worked", off, at, calendar))
        case _:
            return ClockEvent(fact, at)


def _dates(
    fields: FieldReader, name: str, other_days: tuple[date, ...], at: datetime, calendar: DatedCalendar
) -> tuple[date, ...]:
    """Dates after the day of publication, each at most once per event."""
    days: list[date] = []
    for raw in fields.optional_array(name):
        day = fields.parse_day(name, raw, calendar)
        if day <= at.date():
            fields.reject(
                LedgerErrorCode.CALENDAR_IN_PAST, name, f"{day} is not after the day of publication"
            )
        if day in days or day in other_days:
            fields.reject(LedgerErrorCode.BAD_FIELD, name, f"{day} stands there twice")
        days.append(day)
    return tuple(days)
