"""A line to a checked ledger, one rule of the text after the other."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from tests.clock.by_hand.wall import book, first_day, last_day

WORK = ["working_day", "calendar_day", "working_hour", "same_day"]
AGES = ["calendar_month", "calendar_day"]
FACTS = [
    *["supplement_requested", "supplemented", "payment_requested", "paid", "excluded_step_begun"],
    *["excluded_step_done", "completed", "recalled", "stopped", "extended", "calendar_published"],
]
SHAPE = re.compile(
    r"([0-9-]{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?(Z|([+-])([0-9]{2}):([0-9]{2}))", re.ASCII
)


class WrongError(Exception):
    """What is wrong with a line: code and field."""

    def __init__(self, code: str, field: str | None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass
class Happened:
    """One event."""

    type: str
    at: datetime
    place: int
    days: int
    off: list[date]
    worked: list[date]


def wrong(code: str, field: str | None) -> NoReturn:
    """Say so."""
    raise WrongError(code, field)


def parse(line: bytes) -> dict[str, Any]:
    """The JSON object of a line."""
    try:
        found = json.loads(line.decode("utf-8"), parse_constant=lambda name: wrong("bad_json", None))
    except (ValueError, RecursionError):
        wrong("bad_json", None)
    return found if isinstance(found, dict) else wrong("bad_json", None)


def need(raw: dict[str, Any], name: str, path: str = "") -> Any:
    """A field that must be there."""
    if raw.get(name) is None:
        wrong("missing_field", path + name)
    return raw[name]


def choice(raw: dict[str, Any], name: str, words: list[str], path: str = "") -> str:
    """One of some words."""
    found = need(raw, name, path)
    return found if isinstance(found, str) and found in words else wrong("bad_field", path + name)


def amount(raw: dict[str, Any], unit: str, *, is_task: bool, path: str = "") -> float:
    """An amount that this unit may have."""
    found = need(raw, "amount", path)
    if isinstance(found, bool) or not isinstance(found, int | float):
        wrong("bad_field", path + "amount")
    good = {
        "working_day": 1 <= found <= 1000 and found == found // 1,
        "calendar_day": 1 <= found <= 1000 and found == found // 1,
        "calendar_month": 1 <= found <= 600 and found == found // 1,
        "working_hour": 0.25 <= found <= 2000 and found * 4 == found * 4 // 1,
        "same_day": found == 1,
    }[unit]
    if unit == "working_day" and is_task:
        good = 0.5 <= found <= 1000 and found * 2 == found * 2 // 1
    return found if good else wrong("bad_field", path + "amount")


def whole(raw: dict[str, Any], name: str, least: int, most: int, path: str = "") -> int:
    """A whole number."""
    found = need(raw, name, path)
    if isinstance(found, bool) or not isinstance(found, int | float) or found != found // 1:
        wrong("bad_field", path + name)
    return int(found) if least <= found <= most else wrong("bad_field", path + name)


def moment(raw: dict[str, Any], name: str, path: str = "") -> datetime:
    """An instant as city time without its offset."""
    found = need(raw, name, path)
    shape = SHAPE.fullmatch(found) if isinstance(found, str) else None
    if not shape:
        wrong("bad_field", path + name)
    day, hour, minute, second = (shape[at] for at in (1, 2, 3, 4))
    ahead = timedelta(hours=int(shape[8] or 0), minutes=int(shape[9] or 0))
    try:
        at = datetime.strptime(f"{day} {hour}:{minute}:{second}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - city time
    except ValueError:
        wrong("bad_field", path + name)
    if int(second) > 59 or ahead >= timedelta(days=1) or int(shape[9] or 0) > 59:
        wrong("bad_field", path + name)
    try:
        at += timedelta(hours=7) - (-ahead if shape[7] == "-" else ahead)
    except OverflowError:
        wrong("outside_calendar", path + name)
    covered(at.date(), path + name)
    return at


def a_date(found: Any, field: str) -> date:
    """A date."""
    if not isinstance(found, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found):
        wrong("bad_field", field)
    try:
        day = date(int(found[:4]), int(found[5:7]), int(found[8:]))
    except ValueError:
        wrong("bad_field", field)
    covered(day, field)
    return day


def covered(day: date, field: str) -> None:
    """Is it within the covered years?"""
    if day < first_day() or day > last_day():
        wrong("outside_calendar", field)


def calendar(raw: dict[str, Any]) -> str:
    """The name of a calendar there is."""
    found = need(raw, "calendar")
    if not isinstance(found, str):
        wrong("bad_field", "calendar")
    return found if found in book()["calendars"] else wrong("unknown_calendar", "calendar")


def events(raw: dict[str, Any]) -> list[Happened]:
    """The events as listed."""
    rows = raw.get("events")
    if rows is None:
        return []
    if not isinstance(rows, list):
        wrong("bad_field", "events")
    return [one_event(row, place) for place, row in enumerate(rows)]


def one_event(row: Any, place: int) -> Happened:
    """One of them."""
    if not isinstance(row, dict):
        wrong("bad_field", f"events[{place}]")
    path = f"events[{place}]."
    kind = choice(row, "type", FACTS, path)
    found = Happened(kind, moment(row, "at", path), place, 0, [], [])
    if kind == "extended":
        found.days = whole(row, "working_days", 1, 1000, path)
    if kind == "calendar_published":
        for name, days in (("off", found.off), ("worked", found.worked)):
            listed = need(row, "off", path) if row.get("worked") is None and name == "off" else row.get(name)
            listed = [] if listed is None else listed
            if not isinstance(listed, list):
                wrong("bad_field", path + name)
            for text in listed:
                day = a_date(text, path + name)
                if day <= found.at.date():
                    wrong("calendar_in_past", path + name)
                if day in found.off or day in found.worked:
                    wrong("bad_field", path + name)
                days.append(day)
    return found
