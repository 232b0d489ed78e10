"""Warnings of a running clock: at a share of its time left, then at days left; or at hours left."""

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
    """A warning and its instant. Kinds are named after their defaults: three_quarters, one_day, two_hours."""

    level: str
    at: datetime


def warnings(course: ClockCourse, thresholds: WarningThresholds) -> tuple[DeadlineWarning, ...]:
    """The warnings of a running clock in order, between its last start or answer and the due date."""
    current = course.running_period
    return _planned(course.rule, thresholds, current.begins, current.due_at, course.working_days)


def warnings_until(
    rule: CountingRule, begins: datetime, due_at: datetime, thresholds: WarningThresholds
) -> tuple[DeadlineWarning, ...]:
    """The warnings of a clock without events, from its start to a known due date."""
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
    """No first warning where its share leaves fewer days than the last warning: it would repeat it."""
    share = working_days * thresholds.percent_left // 100
    planned = [DeadlineWarning("one_day", _opening(calendar, due_on, thresholds.days_left))]
    if share > thresholds.days_left:
        planned.insert(0, DeadlineWarning("three_quarters", _opening(calendar, due_on, share)))
    return planned


def _opening(calendar: Calendar, due_on: date, days_left: int) -> datetime:
    """The opening of the n-th working day counted backwards from the due date."""
    return calendar.opening(calendar.nth_last(due_on, days_left))
