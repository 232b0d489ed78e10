"""Parsers of form fields. Each raises Refused for a value that it cannot parse; empty gives None."""

from datetime import date, datetime

from services.routing.words import refuse
from shared.clock import CITY_TZ, end_of_day
from shared.errors import FieldError, Refused
from shared.typed_input.characters import ascii_figures, without_blanks
from shared.typed_input.days import read_day
from shared.typed_input.texts import read_line, read_paragraphs

MOST_ITEMS, MOST_OF_ITEM = 50, 300
MOST_OF_REASON = 2000


def parse_reason(field: str, text: str) -> str | None:
    """Parse a reason of at most as many characters as the API accepts."""
    return _readable(read_paragraphs(text, field=field, longest=MOST_OF_REASON)) or None


def parse_lines(text: str) -> tuple[str, ...]:
    """Parse a list of defects, one per line. Empty gives an empty tuple."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS or any(len(line) > MOST_OF_ITEM for line in lines):
        raise refuse("too_many_lines", at_field="items", lines=MOST_ITEMS, characters=MOST_OF_ITEM)
    return tuple(_readable(read_line(line, field="items", longest=MOST_OF_ITEM)) for line in lines)


def parse_end_of_day(field: str, text: str) -> datetime | None:
    """Parse a day and return its end."""
    day = parse_day(field, text)
    return end_of_day(day) if day else None


def parse_day(field: str, text: str) -> date | None:
    """Parse a day, as browsers send it (2026-03-12) or as people write it (12/3/2026)."""
    if not text.strip():
        return None
    day = read_day(text, field=field)
    if isinstance(day, FieldError):
        raise Refused(day.code, day.vi, day.en, errors=(day,))
    return day


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
    digits = without_blanks(text).replace(".", "").replace(",", "").rstrip("đ")
    amount = parse_number("amount", digits)
    if amount and amount > 10**12:
        raise refuse("amount_too_large", at_field="amount")
    return amount


def parse_number(field: str, text: str) -> int | None:
    """Parse a whole number of at most 15 digits, also of another script's or full width."""
    digits = ascii_figures(text.strip())
    if not digits:
        return None
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return int(digits)
    raise refuse("unreadable_number", at_field=field)


def _readable(read: str | FieldError) -> str:
    if isinstance(read, FieldError):
        raise Refused(read.code, read.vi, read.en, errors=(read,))
    return read
