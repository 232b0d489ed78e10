"""When the holder of a running clock is warned: at first a share of its time left, then days; or hours."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from shared.clock import to_city_second
from shared.worktime.calendar.calendar import Calendar
from shared.worktime.calendar.limits import Unit
from shared.worktime.calendar.session_time import subtract_working_seconds
from shared.worktime.course.course import ClockCourse
from shared.worktime.course.running_period import CountingRule
from shared.worktime.ledger.thresholds import WarningThresholds


class DeadlineWarning(NamedTuple):
    """Which one (`three_quarters`, `one_day`, `two_hours`: named for the defaults), and when to say so."""

    level: str
    at: datetime


def warnings(course: ClockCourse, warn: WarningThresholds) -> tuple[DeadlineWarning, ...]:
    """Those of a running clock, in order: none before the last start or answer, none after the due date."""
    current = course.running_period
    return _planned(course.terms, warn, current.begins, current.due_at, course.working_days)


def warnings_until(
    terms: CountingRule, begins: datetime, due_at: datetime, warn: WarningThresholds
) -> tuple[DeadlineWarning, ...]:
    """Those of a clock without facts, from its start to a date that is already known."""
    begins = to_city_second(begins)

    def working_days(until: date) -> int:
        return max(0, terms.calendar.working_days(terms.start_day(begins), until))

    return _planned(terms, warn, begins, due_at, working_days)


def _planned(
    terms: CountingRule,
    warn: WarningThresholds,
    begins: datetime,
    due_at: datetime,
    working_days: Callable[[date], int],
) -> tuple[DeadlineWarning, ...]:
    if terms.unit in {Unit.SAME_DAY, Unit.WORKING_HOUR}:
        left = round(warn.hours_left * 3600)
        planned = [
            DeadlineWarning("two_hours", subtract_working_seconds(terms.calendar, left, due_at, begins))
        ]
    else:
        due_on = due_at.date()
        planned = _in_days(terms.calendar, due_on, warn, working_days(due_on))
    return tuple(DeadlineWarning(level, min(max(at, begins), due_at)) for level, at in planned)


def _in_days(
    calendar: Calendar, due_on: date, warn: WarningThresholds, counted: int
) -> list[DeadlineWarning]:
    """A share of fewer days than the last warning has would only repeat it."""
    share = counted * warn.percent_left // 100
    found = [DeadlineWarning("one_day", _opening(calendar, due_on, warn.days_left))]
    if share > warn.days_left:
        found.insert(0, DeadlineWarning("three_quarters", _opening(calendar, due_on, share)))
    return found


def _opening(calendar: Calendar, due_on: date, left: int) -> datetime:
    """The opening of the working day with so many left up to the due date, itself among them."""
    return calendar.opening(calendar.nth_last(due_on, left))
