"""Dates and numbers are written as the city writes them, in both languages."""

from datetime import date, datetime, time

import pytest

from shared.clock import CITY_TZ
from shared.words import formats

FOURTH_OF_MARCH = date(2026, 3, 4)


def test_a_day_is_short_in_vietnamese_and_names_its_month_in_english() -> None:
    short, long = formats.day_and_month(FOURTH_OF_MARCH), formats.day_month_year(FOURTH_OF_MARCH)
    assert (short.vi, short.en) == ("4/3", "4 March")
    assert (long.vi, long.en) == ("4/3/2026", "4 March 2026")


def test_texts_and_letters_write_a_day_in_digits_alone() -> None:
    assert formats.numeric_date(FOURTH_OF_MARCH) == "04/03/2026"
    assert formats.numeric_day_and_month(FOURTH_OF_MARCH) == "04/03"


def test_a_time_of_day_has_24_hours() -> None:
    at = datetime(2026, 3, 4, 17, 0, 5, tzinfo=CITY_TZ)
    assert formats.clock_time(at) == "17:00"
    assert formats.clock_time(time(7, 30)) == "07:30"
    assert formats.clock_time_to_second(at) == "17:00:05"
    assert formats.time_and_date(at) == "17:00 04/03/2026"


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [(0, 0, "0", "0"), (1500000, 0, "1.500.000", "1,500,000"), (1234.56, 1, "1.234,6", "1,234.6")],
)
def test_a_number_has_the_languages_marks(value: float, places: int, vi: str, en: str) -> None:
    assert formats.format_number(value, "vi", places) == vi
    assert formats.format_number(value, "en", places) == en


@pytest.mark.parametrize(
    ("value", "vi", "en"), [(0.0, "0", "0"), (8.0, "8", "8"), (7.5, "7,5", "7.5"), (4 / 3, "1,333", "1.333")]
)
def test_an_amount_has_no_zeros_at_its_end(value: float, vi: str, en: str) -> None:
    assert formats.format_amount(value, "vi") == vi
    assert formats.format_amount(value, "en") == en


@pytest.mark.parametrize(("count", "form"), [(0, "other"), (1, "one"), (1.0, "one"), (0.5, "other")])
def test_the_plural_form_beside_a_number(count: float, form: str) -> None:
    assert formats.plural_form(count, "en") == form
