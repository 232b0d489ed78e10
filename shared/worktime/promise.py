"""The date told to a citizen, and the lines that explain it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.worktime.calendar import Calendar
from shared.worktime.explain import Line, Reckoning, explain
from shared.worktime.limits import Limit, Unit
from shared.worktime.reckon import add_time, add_working_hours, day_zero, first_working_second

__all__ = ["Line", "Promise", "promise"]


@dataclass(frozen=True, slots=True)
class Promise:
    """When the result is due, from which day it is counted, and why, date by date."""

    due_at: datetime
    starts_on: date
    explanation: tuple[Line, ...]


def promise(calendar: Calendar, limit: Limit, accepted_at: datetime, cutoff: time | None = None) -> Promise:
    """What to promise for a dossier accepted at this instant, by the calendar as known then.

    `cutoff` is the receiving office's own; None = the calendar's, and where that has none the closing.
    """
    if limit.unit is Unit.WORKING_HOUR:
        due_at = add_working_hours(calendar, limit.amount, accepted_at)
        starts_on = first_working_second(calendar, accepted_at).date()
    else:
        starts_on = day_zero(calendar, accepted_at, cutoff)
        due_at = add_time(calendar, limit, starts_on)
    why = explain(Reckoning(calendar, limit, accepted_at, starts_on, due_at, cutoff))
    return Promise(due_at, starts_on, why)
