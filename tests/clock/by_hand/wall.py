"""The calendars as somebody would read them off the wall: for one day, what is open."""

# ruff: noqa: DTZ901 - the city's time is written without its offset here

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[3] / "deploy" / "catalogue" / "calendars.yaml"
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY = timedelta(days=1)
Hours = list[tuple[time, time]]
Notice = tuple[datetime, date, bool]
"""Published when (city time), about which day, worked or not."""


class BeyondError(Exception):
    """A day that no calendar covers."""


@cache
def book() -> dict[str, Any]:
    """The whole file."""
    return yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)


def first_day() -> date:
    """The first covered day."""
    return book()["covers"]["from"]


def last_day() -> date:
    """The last covered day."""
    return book()["covers"]["to"]


@cache
def notices(name: str) -> list[Notice]:
    """All lines of a calendar by the time of their publication; those always known come first."""
    raw = book()["calendars"][name]
    rows = (book()["national"] if raw["national"] else []) + raw.get("own", [])
    found = [(published(row["published"]), row["date"], row["kind"] == "worked") for row in rows]
    return sorted(found, key=lambda one: one[0])


def published(text: str | None) -> datetime:
    """City time without its offset; the beginning of time for what was always known."""
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else datetime.min


class Wall:
    """One calendar as it hung on the wall at one instant."""

    def __init__(self, name: str, known_at: datetime, announced: list[Notice]) -> None:
        self.raw = book()["calendars"][name]
        self.said: dict[date, bool] = {}
        both = sorted([*notices(name), *announced], key=lambda one: one[0])
        for at, day, worked in both:
            if at <= known_at:
                self.said[day] = worked
        self.normal = hours_of(self.raw["sessions"])

    def hours(self, day: date) -> Hours:
        """What is open that day; nothing on a day off."""
        if not first_day() <= day <= last_day():
            raise BeyondError
        if day in self.said:
            return self.normal if self.said[day] else []
        weekday = WEEKDAYS[day.weekday()]
        if weekday not in self.raw["weekdays"]:
            return []
        special = self.raw.get("sessions_by_weekday", {}).get(weekday)
        return hours_of(special) if special else self.normal

    def is_worked(self, day: date) -> bool:
        """Is it a working day?"""
        return bool(self.hours(day))

    def closes(self, day: date) -> datetime:
        """Its closing."""
        return datetime.combine(day, self.hours(day)[-1][1])

    def opens(self, day: date) -> datetime:
        """Its opening."""
        return datetime.combine(day, self.hours(day)[0][0])

    def next_worked(self, day: date) -> date:
        """This day, or the next that is worked."""
        while not self.is_worked(day):
            day += DAY
        return day

    def worked_between(self, after: date, until: date) -> int:
        """Working days after one date up to another."""
        count = 0
        while after < until:
            after += DAY
            count += self.is_worked(after)
        return count

    def zero(self, at: datetime, *, is_task: bool) -> date:
        """Day 0 of an instant."""
        day = at.date()
        if self.is_worked(day) and at <= self.latest(day, is_task=is_task):
            return day
        return self.next_worked(day + DAY)

    def latest(self, day: date, *, is_task: bool) -> datetime:
        """The last second of a working day that still is that day."""
        closing, cutoff = self.closes(day), self.raw["cutoff"]
        if is_task or cutoff is None:
            return closing
        return min(closing, datetime.combine(day, clock(cutoff)))


def hours_of(raw: list[list[str]]) -> Hours:
    """Sessions as times of day."""
    return [(clock(opening), clock(closing)) for opening, closing in raw]


@cache
def clock(text: str) -> time:
    """A time of day."""
    return time.fromisoformat(text)
