"""When the holder of a running clock is warned: a quarter left, one day left, or two hours left."""

from datetime import date, datetime
from typing import NamedTuple

from shared.worktime.calendar import Calendar
from shared.worktime.course import Course
from shared.worktime.limits import Unit
from shared.worktime.session_time import less_working_seconds

LEAST_QUARTER = 2
"""Working days a quarter must have; a shorter one would only repeat the warning of the last day."""

LAST_HOURS = 2 * 3600


class Warning(NamedTuple):
    """What is left (`three_quarters` of the time gone, `one_day`, `two_hours`), and when to say so."""

    level: str
    at: datetime


def warnings(course: Course) -> tuple[Warning, ...]:
    """Those of a running clock, in order: none before the last start or answer, none after the due date."""
    begun, due_at = course.current.begins, course.current.due_at
    if course.terms.unit in {Unit.SAME_DAY, Unit.WORKING_HOUR}:
        at = less_working_seconds(course.terms.calendar, LAST_HOURS, due_at, begun)
        planned = [Warning("two_hours", at)]
    else:
        planned = _in_days(course)
    return tuple(Warning(level, min(max(at, begun), due_at)) for level, at in planned)


def _in_days(course: Course) -> list[Warning]:
    calendar, due_on = course.terms.calendar, course.current.due_at.date()
    quarter = course.working_days(due_on) // 4
    found = [Warning("one_day", _opening(calendar, due_on, 1))]
    if quarter >= LEAST_QUARTER:
        found.insert(0, Warning("three_quarters", _opening(calendar, due_on, quarter)))
    return found


def _opening(calendar: Calendar, due_on: date, left: int) -> datetime:
    """The opening of the working day with so many left up to the due date, itself among them."""
    return calendar.opening(calendar.nth_last(due_on, left))
