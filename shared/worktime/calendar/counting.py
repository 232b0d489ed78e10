"""Counting days on a calendar from day 0, without pauses."""

from datetime import date, datetime, time, timedelta

from shared.clock import to_city_time
from shared.worktime.calendar.calendar import Calendar, instant_at


def start_day(calendar: Calendar, at: datetime, cutoff: time | None = None) -> date:
    """Day 0 of an instant: its own date if worked and not after the cut-off, else the next working day.

    `cutoff`: the office's own; None means the calendar's, and where that has none the closing.
    """
    return _day_zero(calendar, at, cutoff or calendar.cutoff)


def task_start_day(calendar: Calendar, at: datetime) -> date:
    """Day 0 of a task. Tasks have no cut-off, only the closing."""
    return _day_zero(calendar, at, None)


def add_working_days(calendar: Calendar, days: float, day_zero: date) -> datetime:
    """The closing of the n-th working day after day 0. A half day ends with the first session."""
    whole_days, fraction = int(days), days % 1
    if fraction:
        day = calendar.nth_after(day_zero, whole_days + 1)
        return instant_at(day, calendar.sessions(day)[0][1])
    return calendar.closing(calendar.nth_after(day_zero, whole_days) if whole_days else day_zero)


def add_calendar_days(calendar: Calendar, days: int, day_zero: date) -> datetime:
    """The closing of the day so many dates after day 0, or of the next working day if that is off."""
    return calendar.closing(calendar.first_working(day_zero + timedelta(days=days)))


def working_days_between(calendar: Calendar, after: date, until: date) -> int:
    """Working days after the first date, up to and including the second; negative when it lies before."""
    return calendar.working_days(after, until)


def date_and_second(at: datetime) -> tuple[date, int]:
    """The city's date and the whole second of the day; fractions are cut off."""
    local = to_city_time(at)
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def _day_zero(calendar: Calendar, at: datetime, cutoff: time | None) -> date:
    day, second = date_and_second(at)
    parts = calendar.sessions(day)
    if parts and second <= _latest(parts[-1][1], cutoff):
        return day
    return calendar.nth_after(day, 1)


def _latest(closing: int, cutoff: time | None) -> int:
    if cutoff is None:
        return closing
    return min(closing, cutoff.hour * 3600 + cutoff.minute * 60 + cutoff.second)
