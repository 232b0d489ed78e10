"""Promises at acceptance: the worked examples of the clock that need no events, each by its number."""

from datetime import date, datetime, time

import pytest

from shared.worktime import Limit, Promise, Unit, paper_valid_until, promise_due, task_due
from tests.builders.catalogue import at, catalogue


def promised(unit: Unit, amount: float, accepted: str, *, calendar: str = "hn", known: str = "") -> Promise:
    known_at = at(known or accepted)
    return promise_due(catalogue().calendar(calendar, known_at), Limit(unit, amount), at(accepted))


def due(unit: Unit, amount: float, accepted: str, *, calendar: str = "hn", known: str = "") -> datetime:
    return promised(unit, amount, accepted, calendar=calendar, known=known).due_at


def test_example_1_same_day_until_three_oclock_sharp():
    assert due(Unit.SAME_DAY, 1, "2026-03-06 15:00:00") == at("2026-03-06 17:00")
    assert due(Unit.SAME_DAY, 1, "2026-03-06 15:00:01") == at("2026-03-09 17:00")


def test_example_1_fractions_of_a_second_are_cut_off():
    assert due(Unit.SAME_DAY, 1, "2026-03-06 15:00:00.999") == at("2026-03-06 17:00")


def test_example_2_same_day_on_a_saturday_is_monday():
    assert due(Unit.SAME_DAY, 1, "2026-03-07 09:00") == at("2026-03-09 17:00")


@pytest.mark.parametrize("accepted", ["2026-03-06 16:00", "2026-03-07 10:00", "2026-03-09 10:00"])
def test_example_3_one_working_day_from_friday_evening_saturday_or_monday(accepted: str):
    assert due(Unit.WORKING_DAY, 1, accepted) == at("2026-03-10 17:00")


def test_example_4_and_land_transfer_over_tet_without_its_pause():
    told = promised(Unit.WORKING_DAY, 8, "2026-02-12 10:00")
    assert told.due_at == at("2026-03-03 17:00")
    assert told.starts_on == date(2026, 2, 12)


def test_example_5_the_swap_of_2_january_counts_once_it_is_known():
    accepted = "2025-12-23 10:00"
    assert due(Unit.WORKING_DAY, 7, accepted) == at("2026-01-02 17:00")
    assert due(Unit.WORKING_DAY, 7, accepted, known="2025-12-25 16:59:59") == at("2026-01-02 17:00")
    assert due(Unit.WORKING_DAY, 7, accepted, known="2025-12-25 17:00") == at("2026-01-05 17:00")


def test_example_6_a_make_up_saturday_is_worked_to_the_end():
    assert due(Unit.WORKING_DAY, 5, "2026-01-05 10:00") == at("2026-01-10 17:00")


def test_example_7_calendar_days_that_end_on_a_day_off_roll_on():
    assert due(Unit.CALENDAR_DAY, 7, "2025-12-26 10:00") == at("2026-01-05 17:00")


def test_example_8_calendar_days_from_a_sunday_into_tet():
    told = promised(Unit.CALENDAR_DAY, 7, "2026-02-08 10:00")
    assert told.starts_on == date(2026, 2, 9)
    assert told.due_at == at("2026-02-23 17:00")


@pytest.mark.parametrize(
    ("hours", "accepted", "expected"),
    [
        (4, "2026-03-09 08:00", "2026-03-09 12:00"),
        (4, "2026-03-09 10:00", "2026-03-09 15:30"),
        (2, "2026-03-13 16:30", "2026-03-16 09:30"),
    ],
)
def test_example_9_working_hours_know_no_cut_off(hours: int, accepted: str, expected: str):
    assert due(Unit.WORKING_HOUR, hours, accepted) == at(expected)


def test_example_13_tet_2027_as_computed():
    assert due(Unit.WORKING_DAY, 8, "2027-01-29 10:00") == at("2027-02-17 17:00")


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2025-08-31", "2026-02-28"), ("2027-08-31", "2028-02-29"), ("2026-02-28", "2026-08-28")],
)
def test_example_14_a_paper_of_six_months(issued: str, until: str):
    last = paper_valid_until(date.fromisoformat(issued), Limit(Unit.CALENDAR_MONTH, 6))
    assert last == at(f"{until} 23:59:59")


def test_example_15_half_a_day_is_a_morning_and_the_dossier_caps_it():
    calendar, half = catalogue().calendar("hn", at("2026-03-09 09:00")), Limit(Unit.WORKING_DAY, 0.5)
    assert task_due(calendar, half, at("2026-03-09 09:00")) == at("2026-03-10 12:00")
    assert task_due(calendar, half, at("2026-03-09 09:00"), at("2026-03-09 17:00")) == at("2026-03-09 17:00")


def test_example_17_an_investors_own_calendar_ends_on_a_half_saturday():
    assert due(Unit.WORKING_DAY, 39, "2025-11-17 10:00", calendar="inv-kimchung") == at("2026-01-03 12:00")


def test_example_18_over_the_swapped_monday_and_national_day():
    assert due(Unit.WORKING_DAY, 5, "2026-08-24 10:00") == at("2026-09-03 17:00")


def test_same_day_extract_a_minute_before_and_after_the_cut_off():
    assert due(Unit.SAME_DAY, 1, "2026-03-06 14:59") == at("2026-03-06 17:00")
    assert due(Unit.SAME_DAY, 1, "2026-03-06 15:01") == at("2026-03-09 17:00")


def test_an_offices_own_cut_off_goes_before_the_calendars():
    calendar, same_day = catalogue().calendar("hn", at("2026-03-06 08:00")), Limit(Unit.SAME_DAY, 1)
    assert promise_due(calendar, same_day, at("2026-03-06 14:30"), time(14)).due_at == at("2026-03-09 17:00")


def test_a_desk_open_on_saturday_morning_makes_no_working_day():
    assert due(Unit.SAME_DAY, 1, "2026-03-07 09:00", calendar="hn-ward") == at("2026-03-09 17:00")
