"""A calendar with its publications, and the calendar as published by an instant."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from shared.clock import CITY_TZ
from shared.worktime.calendar.calendar import Calendar, CalendarException, SessionHours, Sessions

BEYOND_THE_END = timedelta(days=731)
ALWAYS = datetime.min.replace(tzinfo=CITY_TZ)


@dataclass(frozen=True)
class DatedCalendar:
    """A calendar with all its publications; `known_at` gives the calendar of an instant."""

    name: str
    owner: str
    first: date
    last: date
    weekdays: frozenset[int]
    hours: Sessions
    hours_by_weekday: Mapping[int, Sessions]
    cutoff: time | None
    lines: tuple[CalendarException, ...]
    receives_only: Mapping[int, Sessions] = field(default_factory=dict)
    _versions: dict[int, Calendar] = field(default_factory=dict, compare=False, repr=False)

    def covers(self, day: date) -> bool:
        """Whether the calendar covers this day."""
        return self.first <= day <= self.last

    def extended(self) -> "DatedCalendar":
        """The same for two years after its last day: there the weekdays decide, and no day off is known.

        For the work of offices, which goes on before the next year is published; never for a promise.
        """
        return replace(self, last=self.last + BEYOND_THE_END, _versions={})

    def known_at(self, at: datetime, announced: Iterable[CalendarException] = ()) -> Calendar:
        """The calendar with every line published by this instant; the later publication wins.

        `announced`: further exceptions in the order of publication; those after `at` are ignored.
        """
        version = bisect_right(self._instants, at)
        calendar = self._versions.get(version)
        if calendar is None:
            calendar = self._versions[version] = self._resolve(at)
        new_lines = [line for line in announced if line.published is None or line.published <= at]
        return calendar.with_lines(new_lines) if new_lines else calendar

    @cached_property
    def _instants(self) -> list[datetime]:
        return sorted(line.published for line in self.lines if line.published)

    def _resolve(self, at: datetime) -> Calendar:
        published_lines = [line for line in self.lines if (line.published or ALWAYS) <= at]
        published_lines.sort(key=lambda line: line.published or ALWAYS)
        lines = {line.day.toordinal(): line for line in published_lines}
        return Calendar(self.name, (self.first, self.last), self._hours, lines, cutoff=self.cutoff)

    @cached_property
    def _hours(self) -> SessionHours:
        week = (self._weekday(weekday) for weekday in range(7))
        return SessionHours(self.hours, tuple(week))

    def _weekday(self, weekday: int) -> Sessions:
        return self.hours_by_weekday.get(weekday, self.hours) if weekday in self.weekdays else ()
