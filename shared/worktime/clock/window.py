"""Advice when to file for a paper, so that it is ready in time and still valid at a closing date."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clock import to_city_second
from shared.worktime.calendar.calendar import Calendar, OutsideCalendarError, instant_at
from shared.worktime.calendar.limits import Limit
from shared.worktime.clock.paper import first_issue_valid_on
from shared.worktime.course.running_period import CountingRule, start_period, whole_limit
from shared.worktime.ledger.ledger import FilingWindow

EIGHT_O_CLOCK = 8 * 3600
TOO_EARLY, NOW, TOO_LATE, NEVER = "too_early", "now", "too_late", "never"


@dataclass(frozen=True, slots=True)
class FilingAdvice:
    """The first and the last useful date, and the advice for today."""

    from_: date
    to: date
    advice: str


def advise(window: FilingWindow, now: datetime) -> FilingAdvice:
    """When to file, by the calendar published now. Raises OutsideCalendarError if no covered date fits."""
    margin = timedelta(days=window.margin_days)
    calendar = window.calendar.known_at(now)
    first = first_issue_valid_on(window.closes_on + margin, window.validity)
    last = last_filing_day(calendar, window.processing, window.calendar.first, window.closes_on - margin)
    return FilingAdvice(first, last, _advice(first, last, to_city_second(now).date()))


def last_filing_day(calendar: Calendar, processing: Limit, earliest: date, deadline: date) -> date:
    """The last date on which a dossier accepted at 8 o'clock is due by that date."""
    rule, processing_limit = CountingRule(calendar, processing.unit), whole_limit(processing)

    def due_on(days: int) -> date:
        try:
            return start_period(
                rule, instant_at(earliest + timedelta(days=days), EIGHT_O_CLOCK), processing_limit
            ).due_at.date()
        except OutsideCalendarError:
            return date.max

    days_on_time = bisect_right(range((deadline - earliest).days + 1), deadline, key=due_on)
    if not days_on_time:
        raise OutsideCalendarError(calendar.name, None)
    return earliest + timedelta(days=days_on_time - 1)


def _advice(first: date, last: date, today: date) -> str:
    if first > last:
        return NEVER
    if today < first:
        return TOO_EARLY
    return NOW if today <= last else TOO_LATE
