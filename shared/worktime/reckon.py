"""Counting time on a calendar: day 0, then so many days or hours from it. Pure arithmetic, no pauses."""

from datetime import date, datetime, time, timedelta

from shared.clock import in_city
from shared.worktime.calendar import Calendar, OutsideCalendar, instant, session_at
from shared.worktime.limits import Limit, Unit


def day_zero(calendar: Calendar, at: datetime, cutoff: time | None = None) -> date:
    """The date an instant counts as: its own if worked and not after the cut-off, else the next worked.

    `cutoff` is the office's; without one the calendar's holds, and without that the day's closing.
    """
    day, second = split(at)
    parts = calendar.sessions(day)
    if parts and second <= _latest(parts[-1][1], cutoff or calendar.cutoff):
        return day
    return calendar.nth_after(day, 1)


def day_zero_of_task(calendar: Calendar, at: datetime) -> date:
    """Day 0 of a task: tasks know no cut-off, only the closing."""
    day, second = split(at)
    parts = calendar.sessions(day)
    return day if parts and second <= parts[-1][1] else calendar.nth_after(day, 1)


def add_time(calendar: Calendar, limit: Limit, zero: date) -> datetime:
    """The end of a limit in days counted from day 0, which is itself not counted."""
    match limit.unit:
        case Unit.WORKING_DAY:
            return _working_days(calendar, limit, zero)
        case Unit.SAME_DAY:
            return calendar.closing(zero)
        case Unit.CALENDAR_DAY:
            return calendar.closing(calendar.first_working(zero + timedelta(days=limit.whole)))
        case Unit.WORKING_HOUR | Unit.CALENDAR_MONTH:
            raise ValueError(f"{limit.unit} is not counted in days from day 0")


def add_working_hours(calendar: Calendar, hours: float, at: datetime) -> datetime:
    """The earliest instant when that much session time has passed since `at`; no cut-off."""
    left = round(hours * 3600)
    day, second = split(at)
    while True:
        for opening, closing in calendar.sessions(day):
            start = max(opening, second)
            if closing - start >= left:
                return instant(day, start + left)
            left -= max(0, closing - start)
        day, second = calendar.nth_after(day, 1), 0


def first_working_second(calendar: Calendar, at: datetime) -> datetime:
    """When work can begin at the earliest: now if a session is on, else the next opening."""
    day, second = split(at)
    parts = calendar.sessions(day)
    which = session_at(parts, second)
    if which == len(parts):
        return calendar.opening(calendar.nth_after(day, 1))
    return instant(day, max(second, parts[which][0]))


def working_days_between(calendar: Calendar, after: date, until: date) -> int:
    """Working days after the first date, up to and including the second; negative when it lies before."""
    return calendar.working_days(after, until)


def split(at: datetime) -> tuple[date, int]:
    """An instant as the city's date and whole second of the day; fractions are cut off."""
    local = in_city(at)
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def _working_days(calendar: Calendar, limit: Limit, zero: date) -> datetime:
    whole, half = limit.whole, limit.amount % 1
    if half:
        day = calendar.nth_after(zero, whole + 1)
        return instant(day, calendar.sessions(day)[0][1])
    return calendar.closing(calendar.nth_after(zero, whole) if whole else zero)


def _latest(closing: int, cutoff: time | None) -> int:
    if cutoff is None:
        return closing
    return min(closing, cutoff.hour * 3600 + cutoff.minute * 60 + cutoff.second)


__all__ = [
    "OutsideCalendar",
    "add_time",
    "add_working_hours",
    "day_zero",
    "day_zero_of_task",
    "first_working_second",
    "split",
    "working_days_between",
]
