"""Parsing of instants and dates: RFC 3339 with a capital T; fractions of seconds are cut off."""

import re
from datetime import date, datetime

from shared.clock import CITY_TZ

INSTANT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
    r"(?:\.[0-9]+)?"
    r"(?P<offset>Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""Forms only: whether the date exists is checked when it is parsed."""


def parse_instant(text: str) -> datetime:
    """The instant in the city's time. Raises ValueError, or OverflowError beyond the years of datetime."""
    local, offset = text[:19], text[-6:]
    if offset == "+07:00":
        return datetime.fromisoformat(local).replace(tzinfo=CITY_TZ)
    return datetime.fromisoformat(f"{local}Z" if text[-1] == "Z" else f"{local}{offset}").astimezone(CITY_TZ)


def parse_date(text: str) -> date | None:
    """The date; None if there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
