"""Checks on a new calendar: announced days stay as they are, and new ones lie ahead."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.routing.words import field_error, refuse
from shared.errors import FieldError, Refused

Json = Mapping[str, Any]
CALENDAR = "calendar"


def calendar_errors(stored: Json, offered: Json, now: datetime) -> Refused | None:
    """All lines that break the rules (docs/clock.md, rule 9), as one refusal; None if there are none."""
    errors: list[FieldError] = []
    for place, before, after in _lists(stored, offered):
        errors += _line_errors(place, before, after, now)
    if not errors:
        return None
    return refuse("calendar_rewritten", errors=tuple(errors))


def _lists(stored: Json, offered: Json) -> Iterator[tuple[str, Sequence[Json], Sequence[Json]]]:
    yield "national", stored["national"], offered["national"]
    for name, row in offered["calendars"].items():
        before = stored["calendars"].get(name, {})
        yield f"calendars.{name}.own", before.get("own") or (), row.get("own") or ()


def _line_errors(
    place: str, before: Sequence[Json], after: Sequence[Json], now: datetime
) -> Iterator[FieldError]:
    stored_keys = {_line_key(line) for line in before}
    offered_keys = {_line_key(line) for line in after}
    for line in before:
        if _line_key(line) not in offered_keys:
            yield field_error(f"{place}.{line['date']}", "line_taken_back")
    for line in after:
        if _line_key(line) not in stored_keys:
            yield from _new_line_errors(f"{place}.{line['date']}", line, now)


def _new_line_errors(place: str, line: Json, now: datetime) -> Iterator[FieldError]:
    if date.fromisoformat(line["date"]) <= now.date():
        yield field_error(place, "calendar_in_past")
    published = line["published"]
    if not published or datetime.fromisoformat(published) > now:
        current_time = now.isoformat(timespec="seconds")
        yield field_error(f"{place}.published", "not_published_yet", now=current_time)


def _line_key(line: Json) -> tuple[str, str, str | None]:
    return line["date"], line["kind"], line["published"]
