"""Counting of hours: session time as one row of seconds from the first covered day on."""

from datetime import datetime, timedelta

from shared.worktime.calendar.calendar import Calendar, Session, instant_at
from shared.worktime.calendar.counting import date_and_second

ONE_SECOND = timedelta(seconds=1)
MIDNIGHT = 24 * 3600
"""The end of a day, in seconds after midnight."""


def add_working_hours(calendar: Calendar, hours: float, at: datetime) -> datetime:
    """The earliest instant when so many hours of sessions have passed since `at`, without a cut-off."""
    return add_working_seconds(calendar, round(hours * 3600), at)


def add_working_seconds(calendar: Calendar, seconds: int, at: datetime) -> datetime:
    """The earliest instant when so many seconds of sessions (at least 1) have passed since `at`."""
    return _end_of(calendar, session_seconds_until(calendar, at) + seconds)


def subtract_working_seconds(
    calendar: Calendar, seconds: int, until: datetime, not_before: datetime
) -> datetime:
    """The latest instant with so many seconds of sessions left before `until`; not before `not_before`."""
    seconds_before = session_seconds_until(calendar, until) - seconds
    return (
        not_before
        if seconds_before < 0
        else max(not_before, _end_of(calendar, seconds_before + 1) - ONE_SECOND)
    )


def working_seconds(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Seconds of sessions from one instant to a later one."""
    return session_seconds_until(calendar, end) - session_seconds_until(calendar, start)


def session_seconds_until(calendar: Calendar, at: datetime) -> int:
    """Seconds of sessions from the calendar's first day to an instant."""
    day, second = date_and_second(at)
    return calendar.seconds_before(day) + overlap_seconds(calendar.sessions(day), 0, second)


def overlap_seconds(sessions: tuple[Session, ...], from_second: int, to_second: int) -> int:
    """How many seconds of these sessions lie between two seconds of the day."""
    return sum(max(0, min(closing, to_second) - max(opening, from_second)) for opening, closing in sessions)


def first_working_second(calendar: Calendar, at: datetime) -> datetime:
    """The first instant of session time: now during a session, else the next opening."""
    return _end_of(calendar, session_seconds_until(calendar, at) + 1) - ONE_SECOND


def _end_of(calendar: Calendar, number: int) -> datetime:
    """The end of the n-th second of session time, counted from 1."""
    day = calendar.day_of_second(number)
    remaining = number - calendar.seconds_before(day)
    *earlier_sessions, (opening, _) = calendar.sessions(day)
    for opens, closes in earlier_sessions:
        if remaining <= closes - opens:
            return instant_at(day, opens + remaining)
        remaining -= closes - opens
    return instant_at(day, opening + remaining)
