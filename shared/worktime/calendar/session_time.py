"""Session time as one long row of seconds from the first covered day on: hours are counted along it."""

from datetime import datetime, timedelta

from shared.worktime.calendar.calendar import Calendar, Session, instant_at
from shared.worktime.calendar.counting import date_and_second

ONE_SECOND = timedelta(seconds=1)
MIDNIGHT = 24 * 3600
"""The end of a day, in its seconds."""


def add_working_hours(calendar: Calendar, hours: float, at: datetime) -> datetime:
    """The earliest instant when that much session time has passed since `at`; no cut-off."""
    return add_working_seconds(calendar, round(hours * 3600), at)


def add_working_seconds(calendar: Calendar, seconds: int, at: datetime) -> datetime:
    """The earliest instant when so many seconds (at least one) of session time have passed since `at`."""
    return _end_of(calendar, session_seconds_until(calendar, at) + seconds)


def subtract_working_seconds(
    calendar: Calendar, seconds: int, until: datetime, not_before: datetime
) -> datetime:
    """The latest instant with so much session time left until `until`, never before `not_before`."""
    seconds_before = session_seconds_until(calendar, until) - seconds
    return (
        not_before
        if seconds_before < 0
        else max(not_before, _end_of(calendar, seconds_before + 1) - ONE_SECOND)
    )


def working_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Session time from one instant to a later one."""
    return session_seconds_until(calendar, end) - session_seconds_until(calendar, start)


def session_seconds_until(calendar: Calendar, at: datetime) -> int:
    """Session time from the calendar's first day to an instant."""
    day, second = date_and_second(at)
    return calendar.seconds_before(day) + overlap_seconds(calendar.sessions(day), 0, second)


def overlap_seconds(sessions: tuple[Session, ...], from_second: int, to_second: int) -> int:
    """How many seconds of these sessions lie between two seconds of the day."""
    return sum(max(0, min(closing, to_second) - max(opening, from_second)) for opening, closing in sessions)


def first_working_second(calendar: Calendar, at: datetime) -> datetime:
    """When work can begin at the earliest: now if a session is on, else the next opening."""
    return _end_of(calendar, session_seconds_until(calendar, at) + 1) - ONE_SECOND


def _end_of(calendar: Calendar, number: int) -> datetime:
    """When the n-th second of the row (from 1) is over."""
    day = calendar.day_of_second(number)
    remaining = number - calendar.seconds_before(day)
    *earlier_sessions, (opening, _) = calendar.sessions(day)
    for opens, closes in earlier_sessions:
        if remaining <= closes - opens:
            return instant_at(day, opens + remaining)
        remaining -= closes - opens
    return instant_at(day, opening + remaining)
