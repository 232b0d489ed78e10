"""Due dates of clocks without events: the promise at acceptance, and the budget of a task."""

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
    """When the result is due, from which day it is counted, and the explanation day by day."""

    due_at: datetime
    starts_on: date
    explanation: tuple[CountedDays, ...]


def promise_due(
    calendar: Calendar, limit: Limit, accepted_at: datetime, cutoff: time | None = None
) -> Promise:
    """The promise for a dossier accepted at this instant, by the calendar published then.

    `cutoff`: the receiving office's own; None means the calendar's, and where that has none the closing.
    """
    start = to_city_second(accepted_at)
    course = ClockCourse(CountingRule(calendar, limit.unit, cutoff=cutoff), start, whole_limit(limit))
    due_at = course.running_period.due_at
    return Promise(due_at, starts_on(course), explain(course, due_at, due_at.date()))


def task_due(calendar: Calendar, limit: Limit, from_at: datetime, cap_at: datetime | None = None) -> datetime:
    """The due date of a task queued at `from_at`: its budget, at most `cap_at`, the dossier's due date."""
    rule = CountingRule(calendar, limit.unit, is_task=True, cap_at=cap_at)
    return start_period(rule, to_city_second(from_at), whole_limit(limit)).due_at


def starts_on(course: ClockCourse) -> date:
    """Day 0; for a limit in hours the date of the first counted second."""
    first_period = course.periods[0]
    if course.rule.unit is Unit.WORKING_HOUR:
        return first_working_second(course.rule.calendar, first_period.begins).date()
    return first_period.day_zero
