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


def warnings(course: ClockCourse, thresholds: WarningThresholds) -> tuple[DeadlineWarning, ...]:
    """Those of a running clock, in order: none before the last start or answer, none after the due date."""
    current = course.running_period
    return _planned(course.rule, thresholds, current.begins, current.due_at, course.working_days)


def warnings_until(
    rule: CountingRule, begins: datetime, due_at: datetime, thresholds: WarningThresholds
) -> tuple[DeadlineWarning, ...]:
    """Those of a clock without facts, from its start to a date that is already known."""
    begins = to_city_second(begins)

    def working_days(until: date) -> int:
        return max(0, rule.calendar.working_days(rule.start_day(begins), until))

    return _planned(rule, thresholds, begins, due_at, working_days)


def _planned(
    rule: CountingRule,
    thresholds: WarningThresholds,
    begins: datetime,
    due_at: datetime,
    working_days: Callable[[date], int],
) -> tuple[DeadlineWarning, ...]:
    if rule.unit in {Unit.SAME_DAY, Unit.WORKING_HOUR}:
        seconds_left = round(thresholds.hours_left * 3600)
        planned = [
            DeadlineWarning(
                "two_hours", subtract_working_seconds(rule.calendar, seconds_left, due_at, begins)
            )
        ]
    else:
        due_on = due_at.date()
        planned = _in_days(rule.calendar, due_on, thresholds, working_days(due_on))
    return tuple(DeadlineWarning(level, min(max(at, begins), due_at)) for level, at in planned)


def _in_days(
    calendar: Calendar, due_on: date, thresholds: WarningThresholds, working_days: int
) -> list[DeadlineWarning]:
    """A share of fewer days than the last warning has would only repeat it."""
    share = working_days * thresholds.percent_left // 100
    planned = [DeadlineWarning("one_day", _opening(calendar, due_on, thresholds.days_left))]
    if share > thresholds.days_left:
        planned.insert(0, DeadlineWarning("three_quarters", _opening(calendar, due_on, share)))
    return planned


def _opening(calendar: Calendar, due_on: date, days_left: int) -> datetime:
    """The opening of the working day with so many left up to the due date, itself among them."""
    return calendar.opening(calendar.nth_last(due_on, days_left))
