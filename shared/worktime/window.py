"""When to ask for a paper: not so early that it expires too soon, not so late that it is not ready."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clock import whole_second
from shared.worktime.calendar import Calendar, OutsideCalendar, instant
from shared.worktime.ledger import Window
from shared.worktime.limits import Limit
from shared.worktime.paper import first_issue_valid_on
from shared.worktime.stretch import Terms, begin, whole

EIGHT_O_CLOCK = 8 * 3600
TOO_EARLY, NOW, TOO_LATE, NEVER = "too_early", "now", "too_late", "never"


@dataclass(frozen=True, slots=True)
class Advice:
    """The first and the last useful date, and what that means today."""

    from_: date
    to: date
    advice: str


def advise(window: Window, now: datetime) -> Advice:
    """When to file, by the calendar as known now. Raises OutsideCalendar if no covered date can be told."""
    margin = timedelta(days=window.margin_days)
    calendar = window.calendar.known_at(now)
    first = first_issue_valid_on(window.closes_on + margin, window.validity)
    last = last_filing(calendar, window.processing, window.calendar.first, window.closes_on - margin)
    return Advice(first, last, _advice(first, last, whole_second(now).date()))


def last_filing(calendar: Calendar, processing: Limit, earliest: date, by: date) -> date:
    """The last date whose dossier, accepted at 8, is due by that date."""
    terms, left = Terms(calendar, processing.unit), whole(processing)

    def due_on(days: int) -> date:
        try:
            return begin(terms, instant(earliest + timedelta(days=days), EIGHT_O_CLOCK), left).due_at.date()
        except OutsideCalendar:
            return date.max

    on_time = bisect_right(range((by - earliest).days + 1), by, key=due_on)
    if not on_time:
        raise OutsideCalendar(calendar.name, None)
    return earliest + timedelta(days=on_time - 1)


def _advice(first: date, last: date, today: date) -> str:
    if first > last:
        return NEVER
    if today < first:
        return TOO_EARLY
    return NOW if today <= last else TOO_LATE
