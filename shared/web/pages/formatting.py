"""Dates, spans and numbers as people say them, in the language of the page being drawn."""

from contextvars import ContextVar
from datetime import date, datetime, timedelta

from shared.clock import to_city_time
from shared.web.words import group, text
from shared.words import BilingualText, formats
from shared.words.formats import clock_time, clock_time_to_second, day_and_month, day_month_year

language: ContextVar[str] = ContextVar("language", default="vi")

_WEEKDAYS = tuple(group("weekdays").values())
"""Monday first. From our words: the CLDR writes them with other capitals than the state's spelling."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def bilingual(vi: str, en: str) -> str:
    """The sentence in the page's language; both stand side by side where they are used."""
    return en if language.get() == "en" else vi


def in_page_language(words: BilingualText) -> str:
    """The words in the page's language."""
    return bilingual(words.vi, words.en)


def pick_language(vi: str | None, en: str | None) -> str:
    """Like `t`, for data whose English may be missing."""
    return (en or vi or "") if language.get() == "en" else (vi or en or "")


def format_day(day: date, *, now: datetime | None = None) -> str:
    """A day with its weekday: "thứ Tư 4/3"; the year only where it is not this year's."""
    this_year = now is None or to_city_time(now).year == day.year
    day_of_year = day_and_month(day) if this_year else day_month_year(day)
    return in_page_language(text("spans.day", weekday=_WEEKDAYS[day.weekday()], day=day_of_year))


def format_instant(at: datetime, *, now: datetime | None = None) -> str:
    """An instant as people say it: "thứ Tư 4/3, 17:00"."""
    city_time = to_city_time(at)
    return f"{format_day(city_time.date(), now=now)}, {clock_time(city_time)}"


def format_short_date(day: date) -> str:
    """The date on a paper, in figures: "04/03/2026"."""
    return f"{day:%d/%m/%Y}"


def format_time(at: datetime) -> str:
    """The hour alone, to the second: for "updated at"."""
    return clock_time_to_second(to_city_time(at))


def format_duration(span: timedelta) -> str:
    """A length of time, rounded down to what matters: "3 ngày", "3 giờ", "6 phút"."""
    return in_page_language(_duration(span))


def format_working_time(minutes: int) -> str:
    """Minutes of sessions: "2 giờ 5 phút", "30 phút", "3 giờ"; hours of work are never made days."""
    hours, minutes_left = divmod(minutes, 60)
    if not hours:
        return in_page_language(text("spans.short_minutes", minutes=minutes_left))
    if not minutes_left:
        return in_page_language(text("spans.short_hours", hours=hours))
    return in_page_language(text("spans.short_hours_and_minutes", hours=hours, minutes=minutes_left))


def format_remaining(due: datetime, now: datetime, working_days: int | None = None) -> str:
    """What is left of a time limit, or by how much it was missed."""
    if due < now:
        return in_page_language(text("spans.late", span=_duration(now - due)))
    if working_days is None or due - now < _DAY:
        return in_page_language(text("spans.left", span=_duration(due - now)))
    return in_page_language(text("spans.left", span=text("spans.working_days", count=working_days)))


def format_due(due: datetime, now: datetime, working_days: int | None = None) -> str:
    """A due date with what is left: "thứ Tư 4/3, 17:00, còn 3 ngày làm việc"."""
    return f"{format_instant(due, now=now)}, {format_remaining(due, now, working_days)}"


def format_number(value: float, places: int = 0) -> str:
    """A number with the language's own marks: 1.234,5 in Vietnamese, 1,234.5 in English."""
    return formats.format_number(value, language.get(), places)


def format_percent(share: float | None, places: int = 1) -> str:
    """A share of one as a percentage: 0.971 is "97,1 %"."""
    return "–" if share is None else f"{format_number(share * 100, places)}\u202f%"


def format_money(dong: int) -> str:
    """An amount in đồng; nothing to pay is said, not shown as a zero."""
    return in_page_language(text("spans.dong", amount=dong) if dong else text("spans.free"))


def _duration(span: timedelta) -> BilingualText:
    if span >= 2 * _DAY:
        return text("spans.days", count=span // _DAY)
    if span >= _HOUR:
        return text("spans.hours", count=span // _HOUR)
    return text("spans.minutes", count=max(span // timedelta(minutes=1), 0))


def capitalize_first(words: str) -> str:
    """A title at the beginning of a line: "Thẻ BHYT". Only its first letter changes; names keep theirs."""
    return words[:1].upper() + words[1:]
