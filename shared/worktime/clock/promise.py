"""The date told to a citizen at acceptance, and a task's budget: a clock without events."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.clock import to_city_second
from shared.counted_days import CountedDays
from shared.worktime.calendar.calendar import Calendar
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.session_time import first_working_second
from shared.worktime.course.course import ClockCourse
from shared.worktime.course.running_period import CountingRule, start_period, whole_limit
from shared.worktime.explanation.explanation import explain


@dataclass(frozen=True, slots=True)
class Promise:
    """When the result is due, from which day it is counted, and why, date by date."""

    due_at: datetime
    starts_on: date
    explanation: tuple[CountedDays, ...]


def promise_due(
    calendar: Calendar, limit: Limit, accepted_at: datetime, cutoff: time | None = None
) -> Promise:
    """What to promise for a dossier accepted at this instant, by the calendar as known then.

    `cutoff` is the receiving office's own; None = the calendar's, and where that has none the closing.
    """
    start = to_city_second(accepted_at)
    course = ClockCourse(CountingRule(calendar, limit.unit, cutoff=cutoff), start, whole_limit(limit))
    due_at = course.running_period.due_at
    return Promise(due_at, starts_on(course), explain(course, due_at, due_at.date()))


def task_due(calendar: Calendar, limit: Limit, from_at: datetime, cap_at: datetime | None = None) -> datetime:
    """When a task handed over at `from_at` is due: its own budget, at most `cap_at`, the dossier's due."""
    rule = CountingRule(calendar, limit.unit, is_task=True, cap_at=cap_at)
    return start_period(rule, to_city_second(from_at), whole_limit(limit)).due_at


def starts_on(course: ClockCourse) -> date:
    """Day 0; where hours count, the date of the first second that does."""
    first_period = course.periods[0]
    if course.rule.unit is Unit.WORKING_HOUR:
        return first_working_second(course.rule.calendar, first_period.begins).date()
    return first_period.day_zero
