"""Working hours of the simulated offices: slots of half an hour, Monday to Friday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import takewhile

CITY = timezone(timedelta(hours=7))
_MORNING = (time(8), time(8, 30), time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30))
_AFTERNOON = (time(13, 30), time(14), time(14, 30), time(15), time(15, 30), time(16), time(16, 30))
SLOTS = _MORNING + _AFTERNOON
DAYS_OFF = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"),
        *("2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"),
    )
)
WORKED_SATURDAYS = frozenset({date(2026, 1, 10), date(2026, 8, 22)})


def is_worked(day: date) -> bool:
    """Whether offices work on this day."""
    return day in WORKED_SATURDAYS or (day.weekday() < 5 and day not in DAYS_OFF)


def slots_after(instant: datetime) -> Iterator[datetime]:
    """The slots after this instant, without end."""
    local = instant.astimezone(CITY)
    day = local.date()
    while True:
        if is_worked(day):
            for slot in SLOTS:
                at = datetime.combine(day, slot, CITY)
                if at > local:
                    yield at
        day += timedelta(days=1)


def nth_slot(instant: datetime, number: int) -> datetime:
    """The n-th slot after the instant, counted from 1."""
    slots = slots_after(instant)
    for _ in range(number - 1):
        next(slots)
    return next(slots)


def slots_between(start: datetime, end: datetime) -> int:
    """The number of slots after `start`, up to and including `end`."""
    return sum(1 for _ in takewhile(lambda slot: slot <= end, slots_after(start)))


def working_days(start: date, end: date) -> int:
    """The number of working days after `start`, up to and including `end`."""
    return sum(is_worked(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
