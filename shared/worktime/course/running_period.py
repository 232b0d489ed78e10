"""A running period of a clock: from acceptance or an answer to its due date."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.worktime.calendar.calendar import Calendar
from shared.worktime.calendar.counting import (
    add_calendar_days,
    add_working_days,
    start_day,
    task_start_day,
)
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.session_time import add_working_seconds


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How a due date is counted: calendar, unit, cut-off, and the cap of a task."""

    calendar: Calendar
    unit: Unit
    is_task: bool = False
    cutoff: time | None = None
    cap_at: datetime | None = None

    def start_day(self, at: datetime) -> date:
        """Day 0 of an instant."""
        if self.is_task:
            return task_start_day(self.calendar, at)
        return start_day(self.calendar, at, self.cutoff)


@dataclass(frozen=True, slots=True)
class RemainingLimit:
    """What remains of the limit (in days, or in seconds if it counts hours), and of an extension."""

    limit: float
    extension: int = 0


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """From `begins` with so much left: `limit_due` ends the limit alone, `due_at` all of it, cap included.

    `by_seconds`: session time counts from the first second on, and `zero` is just the date it begins.
    """

    begins: datetime
    day_zero: date
    remaining: RemainingLimit
    limit_due: datetime
    due_at: datetime
    by_seconds: bool


def whole_limit(limit: Limit) -> RemainingLimit:
    """The whole of a limit."""
    match limit.unit:
        case Unit.WORKING_HOUR:
            return RemainingLimit(round(limit.amount * 3600))
        case Unit.SAME_DAY:
            return RemainingLimit(0)
        case _:
            return RemainingLimit(limit.amount)


def start_period(rule: CountingRule, at: datetime, remaining: RemainingLimit) -> RunningPeriod:
    """The period that starts at this instant."""
    by_seconds = rule.unit is Unit.WORKING_HOUR and remaining.limit > 0
    day_zero = at.date() if by_seconds else rule.start_day(at)
    limit_due = _limit_due(rule, at, day_zero, remaining.limit)
    due_at = _extend(rule.calendar, limit_due, remaining.extension)
    if rule.cap_at is not None:
        due_at = min(due_at, rule.cap_at)
    return RunningPeriod(at, day_zero, remaining, limit_due, due_at, by_seconds)


def _limit_due(rule: CountingRule, at: datetime, day_zero: date, remaining: float) -> datetime:
    """The end of the limit; the closing of day 0 if nothing remains of it."""
    if not remaining:
        return rule.calendar.closing(day_zero)
    match rule.unit:
        case Unit.WORKING_HOUR:
            return add_working_seconds(rule.calendar, int(remaining), at)
        case Unit.CALENDAR_DAY:
            return add_calendar_days(rule.calendar, int(remaining), day_zero)
        case _:
            return add_working_days(rule.calendar, remaining, day_zero)


def _extend(calendar: Calendar, due_at: datetime, days: int) -> datetime:
    """The closing of the n-th working day after a due date."""
    return calendar.closing(calendar.nth_after(due_at.date(), days)) if days else due_at
