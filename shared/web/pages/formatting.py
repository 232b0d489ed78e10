"""Formatting of dates, durations and numbers in the language of the current page."""

from contextvars import ContextVar
from datetime import date, datetime, timedelta

from shared.clock import to_city_time
from shared.typed_input.days import BirthDate
from shared.web.words import group, text
from shared.words import BilingualText, formats
from shared.words.formats import clock_time, clock_time_to_second, day_and_month, day_month_year

language: ContextVar[str] = ContextVar("language", default="vi")

_WEEKDAYS = tuple(group("weekdays").values())
"""Weekdays from Monday. Not from the CLDR, whose capitals differ from the official spelling."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def bilingual(vi: str, en: str) -> str:
    """The text in the page's language."""
    return en if language.get() == "en" else vi


def in_page_language(words: BilingualText) -> str:
    """The text in the page's language."""
    return bilingual(words.vi, words.en)


def pick_language(vi: str | None, en: str | None) -> str:
    """The text in the page's language, for data whose English may be missing."""
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


def format_birth_date(born: BirthDate) -> str:
    """A date of birth in figures, or the year where the papers have no more."""
    return format_short_date(born.day) if born.day else str(born.year)


def format_time(at: datetime) -> str:
    """A time with seconds, for "updated at"."""
    return clock_time_to_second(to_city_time(at))


def format_duration(span: timedelta) -> str:
    """A duration, rounded down to its largest unit: "3 ngày", "3 giờ", "6 phút"."""
    return in_page_language(_duration(span))


def format_working_time(minutes: int) -> str:
    """Working time: "2 giờ 5 phút", "30 phút", "3 giờ". Hours are never converted to days."""
    hours, minutes_left = divmod(minutes, 60)
    if not hours:
        return in_page_language(text("spans.short_minutes", minutes=minutes_left))
    if not minutes_left:
        return in_page_language(text("spans.short_hours", hours=hours))
    return in_page_language(text("spans.short_hours_and_minutes", hours=hours, minutes=minutes_left))


def format_remaining(
    due: datetime, now: datetime, working_days: int | None = None, late_minutes: int | None = None
) -> str:
    """The time left until a due date, or by how much it was missed.

    `late_minutes`: working minutes since the due date, the unit of lateness on pages that have it.
    """
    if due < now and late_minutes is not None:
        return format_lateness(late_minutes)
    if due < now:
        return in_page_language(text("spans.late", span=_duration(now - due)))
    if working_days is None or due - now < _DAY:
        return in_page_language(text("spans.left", span=_duration(due - now)))
    return in_page_language(text("spans.left", span=text("spans.working_days", count=working_days)))


def format_lateness(minutes: int) -> str:
    """Lateness in working time: "trễ 2 giờ 5 phút làm việc"; below a minute "vừa quá hạn"."""
    if minutes < 1:
        return in_page_language(text("spans.just_late"))
    return in_page_language(text("spans.late_working", span=format_working_time(minutes)))


def format_due(
    due: datetime, now: datetime, working_days: int | None = None, late_minutes: int | None = None
) -> str:
    """A due date with what is left: "thứ Tư 4/3, 17:00, còn 3 ngày làm việc"."""
    remaining = format_remaining(due, now, working_days, late_minutes)
    return f"{format_instant(due, now=now)}, {remaining}"


def format_number(value: float, places: int = 0) -> str:
    """A number: 1.234,5 in Vietnamese, 1,234.5 in English."""
    return formats.format_number(value, language.get(), places)


def format_percent(share: float | None, places: int = 1) -> str:
    """A fraction as a percentage: 0.971 is "97,1 %"."""
    return "–" if share is None else f"{format_number(share * 100, places)}\u202f%"


def format_money(dong: int) -> str:
    """An amount in đồng; 0 is "miễn phí"."""
    return in_page_language(text("spans.dong", amount=dong) if dong else text("spans.free"))


def _duration(span: timedelta) -> BilingualText:
    if span >= 2 * _DAY:
        return text("spans.days", count=span // _DAY)
    if span >= _HOUR:
        return text("spans.hours", count=span // _HOUR)
    return text("spans.minutes", count=max(span // timedelta(minutes=1), 0))


def capitalize_first(words: str) -> str:
    """The text with a capital first letter ("Thẻ BHYT"); the other letters stay."""
    return words[:1].upper() + words[1:]
