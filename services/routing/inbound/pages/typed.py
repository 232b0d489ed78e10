"""Reads what an officer typed into a field of a form. Each function raises Refused where it cannot."""

from datetime import date, datetime

from shared.clock import CITY_TZ, end_of_day
from shared.errors import FieldError, RefusalKind, Refused

MOST_ITEMS, MOST_OF_ITEM = 50, 300
MOST_OF_REASON = 2000


def parse_reason(text: str) -> str | None:
    """A reason, shortened to what the API takes; None where nothing is typed."""
    return text.strip()[:MOST_OF_REASON] or None


def parse_lines(text: str) -> tuple[str, ...]:
    """A defect a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS or any(len(line) > MOST_OF_ITEM for line in lines):
        vi = f"Tối đa {MOST_ITEMS} dòng, mỗi dòng {MOST_OF_ITEM} ký tự. Hãy ghi gọn lại."
        en = f"At most {MOST_ITEMS} lines of {MOST_OF_ITEM} characters. Please shorten it."
        raise unreadable("items", vi, en)
    return tuple(lines)


def parse_end_of_day(field: str, text: str) -> datetime | None:
    """The whole of that day counts."""
    day = parse_day(field, text)
    return end_of_day(day) if day else None


def parse_day(field: str, text: str) -> date | None:
    """A day as browsers send it."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise unreadable(field, "Ghi ngày như 2026-03-12.", "Give the day as 2026-03-12.") from None


def parse_day_time(field: str, text: str) -> datetime | None:
    """A day and an hour as browsers send them, in the city's time."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=CITY_TZ)
    except ValueError:
        raise unreadable(field, "Ghi giờ như 2026-03-12T09:00.", "Write it as 2026-03-12T09:00.") from None


def parse_amount(text: str) -> int | None:
    """Đồng as people write them, 75.000 or 75,000."""
    digits = text.replace(".", "").replace(",", "").replace(" ", "").rstrip("đ")
    amount = parse_number("amount", digits)
    if amount and amount > 10**12:
        raise unreadable("amount", "Số tiền quá lớn.", "The amount is too large.")
    return amount


def parse_number(field: str, text: str) -> int | None:
    """A whole number of at most 15 digits."""
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 15:
        return int(text.strip())
    raise unreadable(field, "Ghi một số, chỉ gồm chữ số.", "Give a number, digits only.")


def unreadable(field: str, vi: str, en: str) -> Refused:
    """The refusal of a field that cannot be read."""
    return Refused("invalid", vi, en, RefusalKind.INVALID, (FieldError(field, "invalid", vi, en),))
