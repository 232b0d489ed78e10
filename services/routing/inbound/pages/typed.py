"""Parsers of form fields. Each raises Refused for a value that it cannot parse; empty gives None."""

from datetime import date, datetime

from services.routing.words import refuse
from shared.clock import CITY_TZ, end_of_day

MOST_ITEMS, MOST_OF_ITEM = 50, 300
MOST_OF_REASON = 2000


def parse_reason(text: str) -> str | None:
    """Parse a reason, cut to the longest that the API accepts."""
    return text.strip()[:MOST_OF_REASON] or None


def parse_lines(text: str) -> tuple[str, ...]:
    """Parse a list of defects, one per line. Empty gives an empty tuple."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS or any(len(line) > MOST_OF_ITEM for line in lines):
        raise refuse("too_many_lines", at_field="items", lines=MOST_ITEMS, characters=MOST_OF_ITEM)
    return tuple(lines)


def parse_end_of_day(field: str, text: str) -> datetime | None:
    """Parse a day and return its end."""
    day = parse_day(field, text)
    return end_of_day(day) if day else None


def parse_day(field: str, text: str) -> date | None:
    """Parse a day as browsers send it (2026-03-12)."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse("unreadable_day", at_field=field) from None


def parse_day_time(field: str, text: str) -> datetime | None:
    """Parse a local time as browsers send it (2026-03-12T09:00), in the city's time zone."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CITY_TZ)
    except ValueError:
        raise refuse("unreadable_time", at_field=field) from None


def parse_amount(text: str) -> int | None:
    """Parse an amount in đồng, such as 75.000 or 75,000."""
    digits = text.replace(".", "").replace(",", "").replace(" ", "").rstrip("đ")
    amount = parse_number("amount", digits)
    if amount and amount > 10**12:
        raise refuse("amount_too_large", at_field="amount")
    return amount


def parse_number(field: str, text: str) -> int | None:
    """Parse a whole number of at most 15 digits."""
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 15:
        return int(text.strip())
    raise refuse("unreadable_number", at_field=field)
