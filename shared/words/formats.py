"""Formats of dates, times and numbers in both languages, by the CLDR.

Own patterns are used where the city writes differently: "4/3" for a day, and only digits in messages, which
must fit the alphabet of text messages. Instants are formatted in their own zone.
"""

from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from shared.words.bilingual import BilingualText

_LOCALES = {"vi": Locale("vi"), "en": Locale("en")}
_WHOLE = "#,##0"
_FOUR_DIGITS = "@###"


def plural_form(count: float, language: str) -> str:
    """The CLDR's plural category for this number: `one` or `other`."""
    return _LOCALES[language].plural_form(count)


def format_number(value: float, language: str, places: int = 0) -> str:
    """A number: 1.234,5 in Vietnamese, 1,234.5 in English."""
    pattern = f"{_WHOLE}.{'0' * places}" if places else _WHOLE
    return format_decimal(value, pattern, _LOCALES[language])


def format_amount(value: float, language: str) -> str:
    """A number with at most four digits: 7,5 in Vietnamese, 7.5 in English."""
    if value == int(value):
        return format_number(value, language)
    return format_decimal(value, _FOUR_DIGITS, _LOCALES[language])


@lru_cache(maxsize=1024)
def day_and_month(day: date) -> BilingualText:
    """ "4/3", "4 March"."""
    return BilingualText(_date(day, "d/M", "vi"), _date(day, "d MMMM", "en"))


@lru_cache(maxsize=1024)
def day_month_year(day: date) -> BilingualText:
    """ "4/3/2026", "4 March 2026"."""
    return BilingualText(_date(day, "d/M/y", "vi"), _date(day, "d MMMM y", "en"))


def numeric_date(day: date) -> str:
    """ "04/03/2026", in both languages."""
    return f"{day:%d/%m/%Y}"


def numeric_day_and_month(day: date) -> str:
    """ "04/03", in both languages."""
    return f"{day:%d/%m}"


def clock_time(at: datetime | time) -> str:
    """ "17:00", in both languages."""
    return f"{at:%H:%M}"


def clock_time_to_second(at: datetime | time) -> str:
    """ "17:00:05", in both languages."""
    return f"{at:%H:%M:%S}"


def time_and_date(at: datetime) -> str:
    """ "17:00 04/03/2026", in both languages."""
    return f"{clock_time(at)} {numeric_date(at.date())}"


def _date(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, _LOCALES[language])
