"""After the due date: the breach, its escalation, and the lateness of an end."""

from datetime import datetime, timedelta
from typing import NamedTuple

from shared.worktime.calendar.calendar import Calendar

ONE_SECOND = timedelta(seconds=1)


class Lateness(NamedTuple):
    """By how much an end missed its date, in seconds and in working days after the due date."""

    seconds: int
    working_days: int


def breach_at(due_at: datetime) -> datetime:
    """The first late instant: one second after the due date, which is itself on time."""
    return due_at + ONE_SECOND


def city_escalation_at(calendar: Calendar, due_at: datetime) -> datetime:
    """When the city is notified: the closing of the first working day after the due date."""
    return calendar.closing(calendar.nth_after(due_at.date(), 1))


def lateness(calendar: Calendar, due_at: datetime, ended_at: datetime) -> Lateness | None:
    """The lateness of an end; None if it was on time."""
    if ended_at <= due_at:
        return None
    days = calendar.working_days(due_at.date(), ended_at.date())
    return Lateness(int((ended_at - due_at).total_seconds()), days)
