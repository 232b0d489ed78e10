"""A calendar as dated data: which days are worked, when a day opens and closes, as known at an instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from shared.clock import CITY_TZ

Session = tuple[int, int]
"""Opening and closing of one part of a day, in seconds after midnight."""


class OutsideCalendar(Exception):
    """A reckoning left the years the calendar covers; nothing is ever guessed there."""

    def __init__(self, name: str, day: date | None) -> None:
        super().__init__(f"calendar {name} does not cover {day or 'that far'}")
        self.calendar = name
        self.day = day


@dataclass(frozen=True, slots=True)
class DayLine:
    """One dated exception: a day off or a day worked, by which decision, and since when it is known."""

    day: date
    kind: Literal["day_off", "worked"]
    name_vi: str
    name_en: str
    published: datetime | None = None


class Calendar:
    """One calendar as known at one instant: every covered day resolved, so that counting is arithmetic."""

    __slots__ = ("_base", "_days", "_lines", "_sessions", "_upto", "cutoff", "name")

    def __init__(
        self,
        name: str,
        first: date,
        sessions: Iterable[tuple[Session, ...]],
        cutoff: time | None,
        lines: Mapping[int, DayLine],
    ) -> None:
        self.name = name
        self.cutoff = cutoff
        self._base = first.toordinal()
        self._sessions = tuple(sessions)
        self._days = [self._base + at for at, parts in enumerate(self._sessions) if parts]
        self._lines = dict(lines)
        self._upto: list[int] = []
        for parts in self._sessions:
            self._upto.append((self._upto[-1] if self._upto else 0) + bool(parts))

    def works(self, day: date) -> bool:
        """Is it a working day?"""
        return bool(self._sessions[self._at(day)])

    def sessions(self, day: date) -> tuple[Session, ...]:
        """The parts of the day that are worked; empty on a day off."""
        return self._sessions[self._at(day)]

    def line(self, day: date) -> DayLine | None:
        """The dated exception in force on this day, if any."""
        return self._lines.get(day.toordinal())

    def opening(self, day: date) -> datetime:
        """When a working day opens."""
        return instant(day, self.sessions(day)[0][0])

    def closing(self, day: date) -> datetime:
        """When a working day closes."""
        return instant(day, self.sessions(day)[-1][1])

    def first_working(self, day: date) -> date:
        """This day if it is worked, else the next that is."""
        return self._nth(self._upto[self._at(day)] - self.works(day))

    def nth_after(self, day: date, n: int) -> date:
        """The n-th working day after this date (n from 1)."""
        return self._nth(self._upto[self._at(day)] + n - 1)

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after the first date, up to and including the second."""
        return self._upto[self._at(until)] - self._upto[self._at(after)]

    def _nth(self, at: int) -> date:
        if at >= len(self._days):
            raise OutsideCalendar(self.name, None)
        return date.fromordinal(self._days[at])

    def _at(self, day: date) -> int:
        at = day.toordinal() - self._base
        if not 0 <= at < len(self._sessions):
            raise OutsideCalendar(self.name, day)
        return at


@dataclass(frozen=True, slots=True)
class DatedCalendar:
    """A calendar with all its publications; `known_at` gives what stood in it at an instant."""

    name: str
    owner: str
    first: date
    last: date
    weekdays: frozenset[int]
    hours: tuple[Session, ...]
    hours_by_weekday: Mapping[int, tuple[Session, ...]]
    cutoff: time | None
    lines: tuple[DayLine, ...]
    receives_only: Mapping[int, tuple[Session, ...]] = field(default_factory=dict)
    _known: dict[int, Calendar] = field(default_factory=dict, compare=False, repr=False)

    def known_at(self, at: datetime) -> Calendar:
        """The calendar with every line published by this instant; the later publication wins."""
        instants = sorted(line.published for line in self.lines if line.published)
        version = bisect_right(instants, at)
        if version not in self._known:
            self._known[version] = self._resolve(at)
        return self._known[version]

    def _resolve(self, at: datetime) -> Calendar:
        known = [line for line in self.lines if line.published is None or line.published <= at]
        always = datetime.min.replace(tzinfo=CITY_TZ)
        known.sort(key=lambda line: line.published or always)
        lines = {line.day.toordinal(): line for line in known}
        span = range(self.first.toordinal(), self.last.toordinal() + 1)
        return Calendar(
            self.name, self.first, (self._hours_of(day, lines.get(day)) for day in span), self.cutoff, lines
        )

    def _hours_of(self, ordinal: int, line: DayLine | None) -> tuple[Session, ...]:
        if line is not None:
            return self.hours if line.kind == "worked" else ()
        weekday = (ordinal - 1) % 7
        if weekday not in self.weekdays:
            return ()
        return self.hours_by_weekday.get(weekday, self.hours)


def instant(day: date, seconds: int) -> datetime:
    """The instant so many seconds into this day, in the city's time."""
    return datetime(day.year, day.month, day.day, tzinfo=CITY_TZ) + timedelta(seconds=seconds)


def session_at(parts: tuple[Session, ...], second: int) -> int:
    """Which session holds this second or comes next; their number when the day is over."""
    return bisect_left([closing for _, closing in parts], second + 1)
