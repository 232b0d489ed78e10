"""A calendar as published by one instant: its working days and their sessions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from shared.clock import CITY_TZ
from shared.words import BilingualText
from shared.worktime.words import text

Session = tuple[int, int]
"""Opening and closing of one session, in seconds after midnight."""

Sessions = tuple[Session, ...]
UNNAMED = BilingualText("", "")
WEEKEND = text("calendar.weekend")
ONE_DAY = timedelta(days=1)


class OutsideCalendarError(Exception):
    """A count left the years that the calendar covers. No day outside them is guessed."""

    def __init__(self, name: str, day: date | None) -> None:
        super().__init__(f"calendar {name} does not cover {day or 'that far'}")
        self.calendar = name
        self.day = day


@dataclass(frozen=True, slots=True)
class CalendarException:
    """A dated exception: a day off or a day worked, the decision behind it, and when it was published."""

    day: date
    kind: Literal["day_off", "worked"]
    name_vi: str
    name_en: str
    published: datetime | None = None


class DayRun(NamedTuple):
    """Consecutive dates that are all worked, or all off for the same reason; both ends included."""

    first: date
    last: date
    worked: bool
    name: BilingualText

    @property
    def days(self) -> int:
        """The number of dates."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class SessionHours:
    """The sessions of a normal day (and of make-up days), and of each weekday from Monday."""

    normal: Sessions
    week: tuple[Sessions, ...]


class Calendar:
    """A calendar as published by one instant. Working days are a sorted list, so counting is a look-up."""

    def __init__(
        self,
        name: str,
        covers: tuple[date, date],
        hours: SessionHours,
        lines: Mapping[int, CalendarException],
        *,
        cutoff: time | None,
        days: list[int] | None = None,
    ) -> None:
        """`lines`: exceptions by ordinal date; `days`: all working days, computed if None."""
        self.name = name
        self.cutoff = cutoff
        self._first, self._last = (end.toordinal() for end in covers)
        self._hours = hours
        self._lines = lines
        ordinals = range(self._first, self._last + 1)
        self._days = [day for day in ordinals if self._day_kind(day)[0]] if days is None else days

    def with_lines(self, lines: Iterable[CalendarException]) -> "Calendar":
        """The calendar with further exceptions. Of two for one day the one published later holds."""
        lines_by_day, days = dict(self._lines), self._days.copy()
        for line in lines:
            ordinal = line.day.toordinal()
            if not _is_published_later(lines_by_day.get(ordinal), line):
                lines_by_day[ordinal] = line
                _set_working(days, ordinal, line.kind == "worked")
        covers = date.fromordinal(self._first), date.fromordinal(self._last)
        return Calendar(self.name, covers, self._hours, lines_by_day, cutoff=self.cutoff, days=days)

    def covers(self, day: date) -> bool:
        """Whether the calendar covers this day."""
        return self._first <= day.toordinal() <= self._last

    def is_working_day(self, day: date) -> bool:
        """Whether this is a working day. Raises OutsideCalendarError."""
        return self._day_kind(self._ordinal(day))[0]

    def sessions(self, day: date) -> Sessions:
        """The sessions of the day; empty on a day off."""
        return self._sessions(self._ordinal(day))

    def opening(self, day: date) -> datetime:
        """The opening of a working day, as an instant."""
        return instant_at(day, self.sessions(day)[0][0])

    def closing(self, day: date) -> datetime:
        """The closing of a working day, as an instant."""
        return instant_at(day, self.sessions(day)[-1][1])

    def midday(self, day: date) -> datetime:
        """The end of the first session of a working day, as an instant."""
        return instant_at(day, self.sessions(day)[0][1])

    def first_working(self, day: date) -> date:
        """This day if it is a working day, else the next one."""
        return self._nth(bisect_left(self._days, self._ordinal(day)))

    def nth_after(self, day: date, count: int) -> date:
        """The n-th working day after this date (n from 1)."""
        return self._nth(bisect_right(self._days, self._ordinal(day)) + count - 1)

    def nth_last(self, day: date, count: int) -> date:
        """The n-th working day counted backwards from this date, which is the first if it is one."""
        return self._nth(bisect_right(self._days, self._ordinal(day)) - count)

    def working_days(self, after: date, until: date) -> int:
        """Working days after the first date, up to and including the second; negative when it lies before."""
        return bisect_right(self._days, self._ordinal(until)) - bisect_right(self._days, self._ordinal(after))

    def seconds_before(self, day: date) -> int:
        """Seconds of sessions on all covered days before this one."""
        return self._seconds_before_days[bisect_left(self._days, self._ordinal(day))]

    def day_of_second(self, number: int) -> date:
        """The day of the n-th second of session time, counted from 1 on the first covered day."""
        return self._nth(bisect_left(self._seconds_before_days, number) - 1)

    def day_runs(self, first: date, last: date) -> Iterator[DayRun]:
        """All dates from the first to the last, grouped into runs."""
        ordinal, end = first.toordinal(), last.toordinal()
        while ordinal <= end:
            first_ordinal, kind = ordinal, self._day_kind(ordinal)
            ordinal += 1
            while ordinal <= end and self._day_kind(ordinal) == kind:
                ordinal += 1
            yield DayRun(date.fromordinal(first_ordinal), date.fromordinal(ordinal - 1), *kind)

    @cached_property
    def _seconds_before_days(self) -> list[int]:
        """Seconds of sessions before each working day, and at the end of the list of all."""
        week, normal = [_length(parts) for parts in self._hours.week], _length(self._hours.normal)
        lengths = [week[(ordinal - 1) % 7] for ordinal in self._days]
        for ordinal, line in self._lines.items():
            if line.kind == "worked" and self._first <= ordinal <= self._last:
                lengths[bisect_left(self._days, ordinal)] = normal
        return list(accumulate(lengths, initial=0))

    def _sessions(self, ordinal: int) -> Sessions:
        line = self._lines.get(ordinal)
        if line is None:
            return self._hours.week[(ordinal - 1) % 7]
        return self._hours.normal if line.kind == "worked" else ()

    def _day_kind(self, ordinal: int) -> tuple[bool, BilingualText]:
        line = self._lines.get(ordinal)
        if line is not None:
            return line.kind == "worked", BilingualText(line.name_vi, line.name_en)
        return (True, UNNAMED) if self._hours.week[(ordinal - 1) % 7] else (False, WEEKEND)

    def _nth(self, index: int) -> date:
        if not 0 <= index < len(self._days):
            raise OutsideCalendarError(self.name, None)
        return date.fromordinal(self._days[index])

    def _ordinal(self, day: date) -> int:
        ordinal = day.toordinal()
        if not self._first <= ordinal <= self._last:
            raise OutsideCalendarError(self.name, day)
        return ordinal


def instant_at(day: date, seconds: int) -> datetime:
    """The instant so many seconds after midnight of this day, in the city's time."""
    return datetime.combine(day, time_from_seconds(seconds), CITY_TZ)


@cache
def time_from_seconds(seconds: int) -> time:
    """The time of day so many seconds after midnight."""
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _is_published_later(existing: CalendarException | None, line: CalendarException) -> bool:
    """Whether the existing exception was published after this one."""
    if existing is None or existing.published is None or line.published is None:
        return False
    return existing.published > line.published


def _set_working(days: list[int], ordinal: int, worked: bool) -> None:
    """Insert a day into the sorted list of working days, or remove it."""
    index = bisect_left(days, ordinal)
    is_present = index < len(days) and days[index] == ordinal
    if worked and not is_present:
        days.insert(index, ordinal)
    elif is_present and not worked:
        del days[index]


def _length(parts: Sessions) -> int:
    return sum(closing - opening for opening, closing in parts)
