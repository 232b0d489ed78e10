"""A JSON object to a ledger or a window, field by field in the order in which errors are told."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from shared.worktime.jsonl.events import read_events
from shared.worktime.jsonl.fields import Fields, Number
from shared.worktime.ledger import Kind, Ledger, Window
from shared.worktime.limits import Limit, Unit
from shared.worktime.publications import DatedCalendar
from shared.worktime.refused import Why

Calendars = Mapping[str, DatedCalendar]
Bounds = tuple[Number, Number, Number]
"""Least, most, step."""


class _Work(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"


class _Validity(StrEnum):
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


def read_ledger(fields: Fields, kind: Kind, calendars: Calendars) -> tuple[Ledger, datetime]:
    """A dossier's, a task's or a paper's ledger, and the instant it is to be reckoned at."""
    limit = read_limit(fields, kind)
    calendar = _calendar(fields, calendars)
    accepted_at = fields.instant("accepted_at", calendar)
    now = _not_before(fields, "now", accepted_at, calendar)
    has_cap = kind is Kind.TASK and fields.optional("cap_at") is not None
    cap_at = _not_before(fields, "cap_at", accepted_at, calendar) if has_cap else None
    events = () if kind is Kind.PAPER else read_events(fields, calendar)
    return Ledger(kind, calendar, limit, accepted_at, cap_at, events=events), now


def read_window(fields: Fields, calendars: Calendars) -> tuple[Window, datetime]:
    """A window, and the instant for which advice is asked."""
    calendar = _calendar(fields, calendars)
    now = fields.instant("now", calendar)
    window = Window(
        calendar=calendar,
        closes_on=fields.day("closes_on", calendar),
        validity=read_limit(fields.part("validity"), Kind.PAPER),
        processing=read_limit(fields.part("processing"), Kind.DOSSIER),
        margin_days=_margin(fields),
    )
    return window, now


def read_limit(fields: Fields, kind: Kind) -> Limit:
    """Unit and amount, as this kind may have them."""
    unit = Unit(fields.one_of("unit", _Validity if kind is Kind.PAPER else _Work))
    bounds = TASK_DAYS if kind is Kind.TASK and unit is Unit.WORKING_DAY else BOUNDS[unit]
    return Limit(unit, fields.number("amount", *bounds))


def _calendar(fields: Fields, calendars: Calendars) -> DatedCalendar:
    name = fields.required("calendar")
    if not isinstance(name, str):
        fields.refuse(Why.BAD_FIELD, "calendar", "calendar is no text")
    if name not in calendars:
        fields.refuse(Why.UNKNOWN_CALENDAR, "calendar", f"there is no calendar {name!r}")
    return calendars[name]


def _not_before(fields: Fields, name: str, start: datetime, calendar: DatedCalendar) -> datetime:
    at = fields.instant(name, calendar)
    if at < start:
        fields.refuse(Why.BEFORE_START, name, f"{name} lies before accepted_at")
    return at


def _margin(fields: Fields) -> int:
    return 0 if fields.optional("margin_days") is None else int(fields.number("margin_days", *MARGIN))
