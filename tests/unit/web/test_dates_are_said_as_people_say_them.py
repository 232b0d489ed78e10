from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from shared.clock import CITY_TZ
from shared.web.pages import formatting

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CITY_TZ)
WEDNESDAY = datetime(2026, 3, 4, 17, 0, tzinfo=CITY_TZ)


@pytest.fixture
def english() -> Iterator[None]:
    token = formatting.language.set("en")
    yield
    formatting.language.reset(token)


def test_a_due_date_says_day_hour_and_what_is_left() -> None:
    assert formatting.format_due(WEDNESDAY, MONDAY, 3) == "thứ Tư 4/3, 17:00, còn 3 ngày làm việc"


@pytest.mark.usefixtures("english")
def test_a_due_date_in_english() -> None:
    assert formatting.format_due(WEDNESDAY, MONDAY, 3) == "Wednesday 4 March, 17:00, 3 working days left"


def test_on_the_last_day_hours_are_counted() -> None:
    assert (
        formatting.format_remaining(WEDNESDAY, WEDNESDAY - timedelta(hours=3, minutes=20), 1) == "còn 3 giờ"
    )


def test_what_is_late_says_by_how_much() -> None:
    assert formatting.format_remaining(WEDNESDAY, WEDNESDAY + timedelta(hours=2)) == "trễ 2 giờ"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 phút"), (30, "30 phút"), (60, "1 giờ"), (125, "2 giờ 5 phút"), (75_600, "1.260 giờ")],
)
def test_working_time_is_hours_and_minutes_and_never_none_of_either(minutes: int, said: str) -> None:
    assert formatting.format_working_time(minutes) == said


def test_another_year_is_named() -> None:
    assert formatting.format_instant(WEDNESDAY, now=MONDAY.replace(year=2025)) == "thứ Tư 4/3/2026, 17:00"


def test_another_zone_is_read_in_the_citys_own() -> None:
    utc = datetime.fromisoformat("2026-03-04T10:00:00+00:00")
    assert formatting.format_instant(utc) == "thứ Tư 4/3, 17:00"


def test_numbers_have_the_languages_marks() -> None:
    assert formatting.format_number(1234567.5, 1) == "1.234.567,5"
    assert formatting.format_percent(0.971) == "97,1\u202f%"
    assert formatting.format_percent(None) == "–"
    assert formatting.format_money(0) == "không mất tiền"
    assert formatting.format_money(75000) == "75.000 đ"


@pytest.mark.parametrize(
    ("title", "line"), [("thẻ BHYT", "Thẻ BHYT"), ("đo đạc ở UBND", "Đo đạc ở UBND"), ("", "")]
)
def test_a_title_that_begins_a_line_keeps_its_capitals(title: str, line: str) -> None:
    assert formatting.capitalize_first(title) == line
