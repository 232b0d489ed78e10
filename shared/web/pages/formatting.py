"""Dates, spans and numbers as people say them, in the language of the page being drawn."""

from contextvars import ContextVar
from datetime import date, datetime, timedelta

from shared.clock import to_city_time

language: ContextVar[str] = ContextVar("language", default="vi")

_DAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def bilingual(vi: str, en: str) -> str:
    """The sentence in the page's language; both stand side by side where they are used."""
    return en if language.get() == "en" else vi


def pick_language(vi: str | None, en: str | None) -> str:
    """Like `t`, for data whose English may be missing."""
    return (en or vi or "") if language.get() == "en" else (vi or en or "")


def format_day(day: date, *, now: datetime | None = None) -> str:
    """A day with its weekday: "thứ Tư 4/3"; the year only where it is not this year's."""
    this_year = now is None or to_city_time(now).year == day.year
    if language.get() == "en":
        said = f"{_DAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"
        return said if this_year else f"{said} {day.year}"
    said = f"{_DAYS_VI[day.weekday()]} {day.day}/{day.month}"
    return said if this_year else f"{said}/{day.year}"


def format_instant(at: datetime, *, now: datetime | None = None) -> str:
    """An instant as people say it: "thứ Tư 4/3, 17:00"."""
    there = to_city_time(at)
    return f"{format_day(there.date(), now=now)}, {there:%H:%M}"


def format_short_date(day: date) -> str:
    """The date on a paper, in figures: "04/03/2026"."""
    return f"{day:%d/%m/%Y}"


def format_time(at: datetime) -> str:
    """The hour alone, to the second: for "updated at"."""
    return f"{to_city_time(at):%H:%M:%S}"


def format_duration(span: timedelta) -> str:
    """A length of time, rounded down to what matters: "3 ngày", "3 giờ", "6 phút"."""
    if span >= 2 * _DAY:
        return _count(span // _DAY, "ngày", "day")
    if span >= _HOUR:
        return _count(span // _HOUR, "giờ", "hour")
    return _count(max(span // timedelta(minutes=1), 0), "phút", "minute")


def format_working_time(minutes: int) -> str:
    """Minutes of sessions: "2 giờ 5 phút", "30 phút", "3 giờ"; hours of work are never made days."""
    hours, rest = divmod(minutes, 60)
    said = [bilingual(f"{format_number(hours)} giờ", f"{format_number(hours)} h")] if hours else []
    return " ".join([*said, bilingual(f"{rest} phút", f"{rest} min")] if rest or not hours else said)


def format_remaining(due: datetime, now: datetime, working_days: int | None = None) -> str:
    """What is left of a time limit, or by how much it was missed."""
    if due < now:
        return bilingual("trễ ", "late by ") + format_duration(now - due)
    if working_days is None or due - now < _DAY:
        return bilingual("còn ", "") + format_duration(due - now) + bilingual("", " left")
    return (
        bilingual("còn ", "") + _count(working_days, "ngày làm việc", "working day") + bilingual("", " left")
    )


def format_due(due: datetime, now: datetime, working_days: int | None = None) -> str:
    """A due date with what is left: "thứ Tư 4/3, 17:00, còn 3 ngày làm việc"."""
    return f"{format_instant(due, now=now)}, {format_remaining(due, now, working_days)}"


def format_number(value: float, places: int = 0) -> str:
    """A number with the language's own marks: 1.234,5 in Vietnamese, 1,234.5 in English."""
    said = f"{value:,.{places}f}"
    if language.get() == "en":
        return said
    return said.translate(str.maketrans(",.", ".,"))


def format_percent(share: float | None, places: int = 1) -> str:
    """A share of one as a percentage: 0.971 is "97,1 %"."""
    return "–" if share is None else f"{format_number(share * 100, places)}\u202f%"


def format_money(dong: int) -> str:
    """An amount in đồng; nothing to pay is said, not shown as a zero."""
    return bilingual("không mất tiền", "free") if dong == 0 else f"{format_number(dong)} đ"


def _count(n: int, vi: str, en: str) -> str:
    return bilingual(f"{format_number(n)} {vi}", f"{format_number(n)} {en}{'' if n == 1 else 's'}")


def capitalize_first(words: str) -> str:
    """A title at the beginning of a line: "Thẻ BHYT". Only its first letter changes; names keep theirs."""
    return words[:1].upper() + words[1:]
