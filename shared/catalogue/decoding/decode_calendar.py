"""Decoding of the published calendars."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from shared.worktime import CalendarException, DatedCalendar, Session

Json = Mapping[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def decode_calendars(raw: Json) -> dict[str, DatedCalendar]:
    """Every calendar by name. Those that follow the national one contain its lines."""
    first, last = (date.fromisoformat(raw["covers"][end]) for end in ("from", "to"))
    national = tuple(map(_line, raw["national"]))
    return {
        name: DatedCalendar(
            name=name,
            owner=row["owner"],
            first=first,
            last=last,
            weekdays=frozenset(map(WEEKDAYS.index, row["weekdays"])),
            hours=_sessions(row["sessions"]),
            hours_by_weekday=_by_weekday(row.get("sessions_by_weekday")),
            cutoff=time.fromisoformat(row["cutoff"]) if row["cutoff"] else None,
            lines=(*(national if row["national"] else ()), *map(_line, row.get("own") or ())),
            receives_only=_by_weekday(row.get("receives_only")),
        )
        for name, row in raw["calendars"].items()
    }


def _line(row: Json) -> CalendarException:
    published = row["published"]
    return CalendarException(
        day=date.fromisoformat(row["date"]),
        kind=row["kind"],
        name_vi=row["name"]["vi"],
        name_en=row["name"]["en"],
        published=datetime.fromisoformat(published) if published else None,
    )


def _by_weekday(raw: Json | None) -> dict[int, tuple[Session, ...]]:
    return {WEEKDAYS.index(day): _sessions(parts) for day, parts in (raw or {}).items()}


def _sessions(raw: list[list[str]]) -> tuple[Session, ...]:
    return tuple((_seconds(opening), _seconds(closing)) for opening, closing in raw)


def _seconds(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60
