"""Instants and dates as the interface writes them: RFC 3339 with a capital T; fractions are cut off."""

import re
from datetime import date, datetime

from shared.clock import CITY_TZ

INSTANT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
    r"(?:\.[0-9]+)?"
    r"(?P<offset>Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Shapes; whether the date exists is seen when it is parsed."""


def parse_instant(text: str) -> datetime:
    """A well-shaped instant in the city's time. ValueError: no such date; OverflowError: beyond all years."""
    local, offset = text[:19], text[-6:]
    if offset == "+07:00":
        return datetime.fromisoformat(local).replace(tzinfo=CITY_TZ)
    return datetime.fromisoformat(f"{local}Z" if text[-1] == "Z" else f"{local}{offset}").astimezone(CITY_TZ)


def parse_date(text: str) -> date | None:
    """A well-shaped date; None if there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
