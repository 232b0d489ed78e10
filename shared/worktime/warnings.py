"""When the holder of a running clock is warned: a quarter left, one day left, or two hours left."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from shared.clock import whole_second
from shared.worktime.calendar import Calendar
from shared.worktime.course import Course
from shared.worktime.limits import Unit
from shared.worktime.session_time import less_working_seconds
from shared.worktime.stretch import Terms

LEAST_QUARTER = 2
"""Working days a quarter must have; a shorter one would only repeat the warning of the last day."""

LAST_HOURS = 2 * 3600


class Warning(NamedTuple):
    """What is left (`three_quarters` of the time gone, `one_day`, `two_hours`), and when to say so."""

    level: str
    at: datetime


def warnings(course: Course) -> tuple[Warning, ...]:
    """Those of a running clock, in order: none before the last start or answer, none after the due date."""
    terms, current = course.terms, course.current
    return _planned(terms.calendar, terms.unit, current.begins, current.due_at, course.working_days)


def warnings_until(terms: Terms, begins: datetime, due_at: datetime) -> tuple[Warning, ...]:
    """Those of a clock without facts, from its start to a date that is already known."""
    begins = whole_second(begins)

    def working_days(until: date) -> int:
        return max(0, terms.calendar.working_days(terms.zero(begins), until))

    return _planned(terms.calendar, terms.unit, begins, due_at, working_days)


def _planned(
    calendar: Calendar, unit: Unit, begins: datetime, due_at: datetime, working_days: Callable[[date], int]
) -> tuple[Warning, ...]:
    if unit in {Unit.SAME_DAY, Unit.WORKING_HOUR}:
        planned = [Warning("two_hours", less_working_seconds(calendar, LAST_HOURS, due_at, begins))]
    else:
        planned = _in_days(calendar, due_at.date(), working_days)
    return tuple(Warning(level, min(max(at, begins), due_at)) for level, at in planned)


def _in_days(calendar: Calendar, due_on: date, working_days: Callable[[date], int]) -> list[Warning]:
    quarter = working_days(due_on) // 4
    found = [Warning("one_day", _opening(calendar, due_on, 1))]
    if quarter >= LEAST_QUARTER:
        found.insert(0, Warning("three_quarters", _opening(calendar, due_on, quarter)))
    return found


def _opening(calendar: Calendar, due_on: date, left: int) -> datetime:
    """The opening of the working day with so many left up to the due date, itself among them."""
    return calendar.opening(calendar.nth_last(due_on, left))
