"""Why a date is that date: every day from acceptance to the due date once, in words anyone can check."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from itertools import groupby
from typing import NamedTuple

from shared.clock import in_city
from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit, Unit
from shared.worktime.reckon import split
from shared.worktime.sentences import Run, Sentence, sentence


@dataclass(frozen=True, slots=True)
class Line:
    """Some dates in a row, how many units they count, and a plain sentence. Dates are inclusive."""

    from_: date
    to: date
    counts: float
    why_vi: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is to be explained: a limit, and what came out of it."""

    calendar: Calendar
    limit: Limit
    accepted_at: datetime
    starts_on: date
    due_at: datetime
    cutoff: time | None


class Kind(Enum):
    """Why a single date counts or does not; neighbours of one kind and name share a line."""

    RECEIVED = auto()
    RECEIVED_LATE = auto()
    RECEIVED_OFF = auto()
    ZERO = auto()
    WORKED = auto()
    OFF = auto()
    EVERY_DAY = auto()
    ROLLED = auto()
    HOURS = auto()


class _Day(NamedTuple):
    day: date
    kind: Kind
    counts: float = 0
    name: Sentence = ("", "")


def explain(told: Reckoning) -> tuple[Line, ...]:
    """The lines of a promise, in order; their counts add up to the limit."""
    runs = [
        list(run) for _, run in groupby(_days(told), key=lambda day: (day.kind, day.name, day.counts > 0))
    ]
    lines = [_line(run, told) for run in runs]
    lines[-1] = _ended(lines[-1], told.due_at)
    return tuple(lines)


def _days(told: Reckoning) -> Iterator[_Day]:
    first, second = split(told.accepted_at)
    day, last = first, told.due_at.date()
    while day <= last:
        if told.limit.unit is Unit.WORKING_HOUR:
            yield _hours(told, day, second if day == first else 0)
        elif day <= told.starts_on:
            yield _until_zero(told, day, first)
        else:
            yield _after_zero(told, day)
        day += timedelta(days=1)


def _until_zero(told: Reckoning, day: date, first: date) -> _Day:
    """Acceptance, and what lies between it and day 0."""
    counts = 1 if told.limit.unit is Unit.SAME_DAY and day == told.starts_on else 0
    if day == first == told.starts_on:
        return _Day(day, Kind.RECEIVED, counts)
    if day == first:
        return _Day(day, Kind.RECEIVED_LATE if told.calendar.works(day) else Kind.RECEIVED_OFF)
    if day == told.starts_on:
        return _Day(day, Kind.ZERO, counts)
    return _off(told.calendar, day)


def _after_zero(told: Reckoning, day: date) -> _Day:
    if told.limit.unit is Unit.CALENDAR_DAY:
        inside = (day - told.starts_on).days <= told.limit.whole
        return _Day(day, Kind.EVERY_DAY, 1) if inside else _Day(day, Kind.ROLLED)
    if not told.calendar.works(day):
        return _off(told.calendar, day)
    line = told.calendar.line(day)
    return _Day(day, Kind.WORKED, 1, (line.name_vi, line.name_en) if line else ("", ""))


def _hours(told: Reckoning, day: date, second: int) -> _Day:
    parts = told.calendar.sessions(day)
    if not parts:
        return _off(told.calendar, day)
    end = split(told.due_at)[1] if day == told.due_at.date() else parts[-1][1]
    seconds = sum(max(0, min(closing, end) - max(opening, second)) for opening, closing in parts)
    return _Day(day, Kind.HOURS, seconds / 3600)


def _off(calendar: Calendar, day: date) -> _Day:
    line = calendar.line(day)
    return _Day(day, Kind.OFF, 0, (line.name_vi, line.name_en) if line else ("cuối tuần", "weekend"))


def _line(run: list[_Day], told: Reckoning) -> Line:
    counts = sum(day.counts for day in run)
    vi, en = sentence(
        Run(
            kind=run[0].kind.name,
            name=run[0].name,
            counts=counts,
            days=len(run),
            at=in_city(told.accepted_at),
            cutoff=told.cutoff or told.calendar.cutoff,
            closing=_closing(told.calendar, run[0].day),
        )
    )
    return Line(run[0].day, run[-1].day, counts, vi, en)


def _closing(calendar: Calendar, day: date) -> time | None:
    return calendar.closing(day).timetz().replace(tzinfo=None) if calendar.works(day) else None


def _ended(line: Line, due_at: datetime) -> Line:
    vi = f"{line.why_vi}; hẹn trả {due_at:%H:%M} ngày {due_at.day}/{due_at.month}"
    en = f"{line.why_en}; due {due_at:%H:%M} on {due_at.day} {due_at:%B}"
    return Line(line.from_, line.to, line.counts, vi, en)
