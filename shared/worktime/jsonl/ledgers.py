"""Parsing of ledgers and windows, field by field in the order in which errors are reported."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.errors import LedgerErrorCode
from shared.worktime.jsonl.events import parse_events
from shared.worktime.jsonl.fields import FieldReader, Number
from shared.worktime.ledger.ledger import ClockKind, FilingWindow, Ledger

Calendars = Mapping[str, DatedCalendar]
Bounds = tuple[Number, Number, Number]
"""Minimum, maximum, step."""


class _WorkUnit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"


class _ValidityUnit(StrEnum):
    CALENDAR_MONTH = "calendar_month"
    CALENDAR_DAY = "calendar_day"


BOUNDS: Mapping[Unit, Bounds] = {
    Unit.WORKING_DAY: (1, 1000, 1),
    Unit.CALENDAR_DAY: (1, 1000, 1),
    Unit.WORKING_HOUR: (0.25, 2000, 0.25),
    Unit.SAME_DAY: (1, 1, 1),
    Unit.CALENDAR_MONTH: (1, 600, 1),
}
TASK_DAYS: Bounds = (0.5, 1000, 0.5)
MARGIN: Bounds = (0, 365, 1)


def parse_ledger(fields: FieldReader, kind: ClockKind, calendars: Calendars) -> tuple[Ledger, datetime]:
    """The ledger of a dossier, task or paper, and the instant at which to read it. Raises LedgerError."""
    limit = parse_limit(fields, kind)
    calendar = _calendar(fields, calendars)
    accepted_at = fields.instant("accepted_at", calendar)
    now = _not_before(fields, "now", accepted_at, calendar)
    has_cap = kind is ClockKind.TASK and fields.optional("cap_at") is not None
    cap_at = _not_before(fields, "cap_at", accepted_at, calendar) if has_cap else None
    events = () if kind is ClockKind.PAPER else parse_events(fields, calendar)
    return Ledger(kind, calendar, limit, accepted_at, cap_at, events=events), now


def parse_window(fields: FieldReader, calendars: Calendars) -> tuple[FilingWindow, datetime]:
    """The window, and the instant for which advice is requested. Raises LedgerError."""
    calendar = _calendar(fields, calendars)
    now = fields.instant("now", calendar)
    window = FilingWindow(
        calendar=calendar,
        closes_on=fields.day("closes_on", calendar),
        validity=parse_limit(fields.child("validity"), ClockKind.PAPER),
        processing=parse_limit(fields.child("processing"), ClockKind.DOSSIER),
        margin_days=_margin(fields),
    )
    return window, now


def parse_limit(fields: FieldReader, kind: ClockKind) -> Limit:
    """Unit and amount, within the bounds of this kind of clock."""
    unit = Unit(fields.one_of("unit", _ValidityUnit if kind is ClockKind.PAPER else _WorkUnit))
    bounds = TASK_DAYS if kind is ClockKind.TASK and unit is Unit.WORKING_DAY else BOUNDS[unit]
    return Limit(unit, fields.number("amount", *bounds))


def _calendar(fields: FieldReader, calendars: Calendars) -> DatedCalendar:
    name = fields.required("calendar")
    if not isinstance(name, str):
        fields.reject(LedgerErrorCode.BAD_FIELD, "calendar", "calendar is no text")
    if name not in calendars:
        fields.reject(LedgerErrorCode.UNKNOWN_CALENDAR, "calendar", f"there is no calendar {name!r}")
    return calendars[name]


def _not_before(fields: FieldReader, name: str, start: datetime, calendar: DatedCalendar) -> datetime:
    at = fields.instant(name, calendar)
    if at < start:
        fields.reject(LedgerErrorCode.BEFORE_START, name, f"{name} lies before accepted_at")
    return at


def _margin(fields: FieldReader) -> int:
    return 0 if fields.optional("margin_days") is None else int(fields.number("margin_days", *MARGIN))
