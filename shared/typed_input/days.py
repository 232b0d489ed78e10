"""Days as people write them: `1/3/1958`, `ngày 1 tháng 3 năm 1958`; of a birth also the year alone."""

import re
from dataclasses import dataclass
from datetime import date

from shared.errors import FieldError, Suggestion
from shared.typed_input.characters import ascii_figures, visible_text
from shared.typed_input.word_patterns import either
from shared.typed_input.words import field_error

LONGEST = 60
_SEPARATOR = "\\s*[-/.\u2010-\u2015\u2212\\s]\\s*"
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}(?P<day>\d{{1,2}})")
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}(?P<year>\d{{4}}|\d{{2}})"
)
_IN_WORDS = re.compile(
    rf"(?:{either('day')}\s*)?(?P<day>\d{{1,2}})\s*{either('month')}\s*(?P<month>\d{{1,2}})"
    rf"\s*,?\s*(?:{either('year')}\s*)?(?P<year>\d{{4}})",
    re.IGNORECASE,
)
_WITHOUT_SEPARATOR = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|20)\d{2})")
_YEAR = re.compile(rf"(?:{either('year')}\s*)?(?P<year>[12]\d{{3}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A date of birth as the papers have it. `day`: None where they have only the year."""

    year: int
    day: date | None = None

    @classmethod
    def of(cls, day: date) -> "BirthDate":
        """A date of birth whose day is known."""
        return cls(day.year, day)

    @property
    def earliest(self) -> date:
        """The first day on which the person can have been born."""
        return self.day or date(self.year, 1, 1)

    def __str__(self) -> str:
        """By ISO 8601: the day, or the year of four digits alone."""
        return self.day.isoformat() if self.day else f"{self.year:04d}"


def read_day(typed: str, *, field: str) -> date | FieldError:
    """The day. A year of two digits is asked for in full, with both of its meanings."""
    return _read_day(typed, field) or field_error(field, "bad_day")


def read_birth_date(typed: str, *, field: str) -> BirthDate | FieldError:
    """The day, or the year alone."""
    day = _read_day(typed, field)
    if isinstance(day, FieldError):
        return day
    if day is not None:
        return BirthDate.of(day)
    year = _YEAR.fullmatch(_figures(typed))
    if year is None:
        return field_error(field, "bad_birth_date")
    return BirthDate(int(year["year"]))


def _figures(typed: str) -> str:
    visible = visible_text(typed.strip()) if len(typed) <= LONGEST else None
    return ascii_figures(visible or "").strip(" .,")


def _read_day(typed: str, field: str) -> date | FieldError | None:
    """The day, what is wrong with it, or None where this is not written like a day."""
    text = _figures(typed)
    for written in (_YEAR_FIRST, _DAY_FIRST, _IN_WORDS, _WITHOUT_SEPARATOR):
        match = written.fullmatch(text)
        if match is None:
            continue
        day, month = int(match["day"]), int(match["month"])
        if len(match["year"]) == 2:
            return _which_year(day, month, int(match["year"]), field)
        return _date(day, month, int(match["year"])) or _no_such_day(day, month, match["year"], field)
    return None


def _which_year(day: int, month: int, short_year: int, field: str) -> FieldError:
    full_years = [f"{1900 + short_year}", f"{2000 + short_year}"]
    days = [_date(day, month, int(year)) for year in full_years]
    candidates = tuple(
        Suggestion(possible.isoformat(), f"{possible:%d/%m/%Y}") for possible in days if possible
    )
    if not candidates:
        return _no_such_day(day, month, full_years[1], field)
    return field_error(field, "which_year", candidates, first=full_years[0], second=full_years[1])


def _no_such_day(day: int, month: int, year: str, field: str) -> FieldError:
    return field_error(field, "no_such_day", day=f"{day}/{month}/{year}")


def _date(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
