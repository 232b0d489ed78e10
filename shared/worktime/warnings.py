"""When the holder of a running clock is warned: at first a share of its time left, then days; or hours."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from shared.clock import whole_second
from shared.worktime.calendar import Calendar
from shared.worktime.course import Course
from shared.worktime.limits import Unit
from shared.worktime.session_time import less_working_seconds
from shared.worktime.stretch import Terms
from shared.worktime.thresholds import Thresholds


class Warning(NamedTuple):
    """Which one (`three_quarters`, `one_day`, `two_hours`: named for the defaults), and when to say so."""

    level: str
    at: datetime


def warnings(course: Course, warn: Thresholds) -> tuple[Warning, ...]:
    """Those of a running clock, in order: none before the last start or answer, none after the due date."""
    current = course.current
    return _planned(course.terms, warn, current.begins, current.due_at, course.working_days)


def warnings_until(terms: Terms, begins: datetime, due_at: datetime, warn: Thresholds) -> tuple[Warning, ...]:
    """Those of a clock without facts, from its start to a date that is already known."""
    begins = whole_second(begins)

    def working_days(until: date) -> int:
        return max(0, terms.calendar.working_days(terms.zero(begins), until))

    return _planned(terms, warn, begins, due_at, working_days)


def _planned(
    terms: Terms, warn: Thresholds, begins: datetime, due_at: datetime, working_days: Callable[[date], int]
) -> tuple[Warning, ...]:
    if terms.unit in {Unit.SAME_DAY, Unit.WORKING_HOUR}:
        left = round(warn.hours_left * 3600)
        planned = [Warning("two_hours", less_working_seconds(terms.calendar, left, due_at, begins))]
    else:
        due_on = due_at.date()
        planned = _in_days(terms.calendar, due_on, warn, working_days(due_on))
    return tuple(Warning(level, min(max(at, begins), due_at)) for level, at in planned)


def _in_days(calendar: Calendar, due_on: date, warn: Thresholds, counted: int) -> list[Warning]:
    """A share of fewer days than the last warning has would only repeat it."""
    share = counted * warn.percent_left // 100
    found = [Warning("one_day", _opening(calendar, due_on, warn.days_left))]
    if share > warn.days_left:
        found.insert(0, Warning("three_quarters", _opening(calendar, due_on, share)))
    return found


def _opening(calendar: Calendar, due_on: date, left: int) -> datetime:
    """The opening of the working day with so many left up to the due date, itself among them."""
    return calendar.opening(calendar.nth_last(due_on, left))
