"""A stretch of running clock: from acceptance, or from an answer, to where its time ends."""

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
    """What a due date is counted by, all its life: a calendar as known, the unit, a task's cap."""

    calendar: Calendar
    unit: Unit
    is_task: bool = False
    cutoff: time | None = None
    cap_at: datetime | None = None

    def start_day(self, at: datetime) -> date:
        """The date an instant counts as (day 0)."""
        if self.is_task:
            return task_start_day(self.calendar, at)
        return start_day(self.calendar, at, self.cutoff)


@dataclass(frozen=True, slots=True)
class RemainingLimit:
    """What is still to be used: of the limit (days, or seconds where hours count), then of an extension."""

    limit: float
    extension: int = 0


@dataclass(frozen=True, slots=True)
class RunningPeriod:
    """From `begins` with so much left: `limit_due` ends the limit alone, `due_at` all of it, cap included.

    `by_seconds`: session time counts from the first second on, and `zero` is just the date it begins.
    """

    begins: datetime
    zero: date
    left: RemainingLimit
    limit_due: datetime
    due_at: datetime
    by_seconds: bool


def whole_limit(limit: Limit) -> RemainingLimit:
    """All of a limit."""
    match limit.unit:
        case Unit.WORKING_HOUR:
            return RemainingLimit(round(limit.amount * 3600))
        case Unit.SAME_DAY:
            return RemainingLimit(0)
        case _:
            return RemainingLimit(limit.amount)


def start_period(terms: CountingRule, at: datetime, left: RemainingLimit) -> RunningPeriod:
    """The clock set running at this instant."""
    by_seconds = terms.unit is Unit.WORKING_HOUR and left.limit > 0
    zero = at.date() if by_seconds else terms.start_day(at)
    limit_due = _limit_due(terms, at, zero, left.limit)
    due_at = _extended(terms.calendar, limit_due, left.extension)
    if terms.cap_at is not None:
        due_at = min(due_at, terms.cap_at)
    return RunningPeriod(at, zero, left, limit_due, due_at, by_seconds)


def _limit_due(terms: CountingRule, at: datetime, zero: date, left: float) -> datetime:
    """Where the limit ends; with nothing left of it, at the closing of day 0."""
    if not left:
        return terms.calendar.closing(zero)
    match terms.unit:
        case Unit.WORKING_HOUR:
            return add_working_seconds(terms.calendar, int(left), at)
        case Unit.CALENDAR_DAY:
            return add_calendar_days(terms.calendar, int(left), zero)
        case _:
            return add_working_days(terms.calendar, left, zero)


def _extended(calendar: Calendar, due_at: datetime, days: int) -> datetime:
    """So many working days after a due date, at closing."""
    return calendar.closing(calendar.nth_after(due_at.date(), days)) if days else due_at
