"""Counting time on a calendar: day 0, then so many days or hours from it. Pure arithmetic, no pauses."""

from datetime import date, datetime, time, timedelta

from shared.clock import to_city_time
from shared.worktime.calendar.calendar import Calendar, instant_at


def start_day(calendar: Calendar, at: datetime, cutoff: time | None = None) -> date:
    """The date an instant counts as: its own if worked and not after the cut-off, else the next worked.

    `cutoff` is the office's; without one the calendar's holds, and without that the day's closing.
    """
    return _day_zero(calendar, at, cutoff or calendar.cutoff)


def task_start_day(calendar: Calendar, at: datetime) -> date:
    """Day 0 of a task: tasks know no cut-off, only the closing."""
    return _day_zero(calendar, at, None)


def add_working_days(calendar: Calendar, days: float, day_zero: date) -> datetime:
    """Closing of the n-th working day after day 0, for none of day 0; a half ends with the first session."""
    whole_days, fraction = int(days), days % 1
    if fraction:
        day = calendar.nth_after(day_zero, whole_days + 1)
        return instant_at(day, calendar.sessions(day)[0][1])
    return calendar.closing(calendar.nth_after(day_zero, whole_days) if whole_days else day_zero)


def add_calendar_days(calendar: Calendar, days: int, day_zero: date) -> datetime:
    """Closing of the day so many dates after day 0, or of the next working day where that is off."""
    return calendar.closing(calendar.first_working(day_zero + timedelta(days=days)))


def working_days_between(calendar: Calendar, after: date, until: date) -> int:
    """Working days after the first date, up to and including the second; negative when it lies before."""
    return calendar.working_days(after, until)


def date_and_second(at: datetime) -> tuple[date, int]:
    """An instant as the city's date and whole second of the day; fractions are cut off."""
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
