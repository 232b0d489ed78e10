"""The worked examples of the clock, each by its number, asked as `motcua due` is asked."""

import pytest

from tests.builders.ledgers import clock_answer, due, event, reckoned, short


def test_example_1_same_day_until_three_oclock_sharp():
    assert due("same_day 1", "2026-03-06 15:00:00") == "2026-03-06 17:00"
    assert due("same_day 1", "2026-03-06 15:00:01") == "2026-03-09 17:00"


def test_example_2_same_day_on_a_saturday_is_monday_with_a_warning_two_hours_before():
    found = reckoned("same_day 1", "2026-03-07 09:00")
    assert short(found["due_at"]) == "2026-03-09 17:00"
    assert found["warnings_at"] == [{"level": "two_hours", "at": "2026-03-09T15:00:00+07:00"}]


@pytest.mark.parametrize("accepted", ["2026-03-06 16:00", "2026-03-07 10:00", "2026-03-09 10:00"])
def test_example_3_one_working_day_from_friday_evening_saturday_or_monday(accepted: str):
    assert due("working_day 1", accepted) == "2026-03-10 17:00"


@pytest.mark.parametrize(
    ("answered", "expected"),
    [("2026-02-23 10:00", "2026-03-04 17:00"), ("2026-02-23 15:30", "2026-03-05 17:00")],
)
def test_example_4_a_land_transfer_pauses_over_tet(answered: str, expected: str):
    asks, answers = event("supplement_requested", "2026-02-13 10:00"), event("supplemented", answered)
    found = reckoned("working_day 8", "2026-02-12 10:00", asks, answers)
    assert short(found["due_at"]) == expected
    assert short(found["promised_due_at"]) == "2026-03-03 17:00"


def test_example_5_the_swap_of_2_january_counts_from_its_publication_and_moves_no_promise():
    accepted = "2025-12-23 10:00"
    before = reckoned("working_day 7", accepted, now="2025-12-25 16:59:59")
    after = reckoned("working_day 7", accepted, now="2025-12-25 17:00")
    assert (short(before["due_at"]), short(after["due_at"])) == ("2026-01-02 17:00", "2026-01-05 17:00")
    assert short(before["promised_due_at"]) == short(after["promised_due_at"]) == "2026-01-02 17:00"


def test_example_6_a_make_up_saturday_is_worked_to_the_end():
    assert due("working_day 5", "2026-01-05 10:00") == "2026-01-10 17:00"


def test_example_7_calendar_days_that_end_on_a_day_off_roll_on():
    assert due("calendar_day 7", "2025-12-26 10:00") == "2026-01-05 17:00"


def test_example_8_calendar_days_from_a_sunday_into_tet():
    found = reckoned("calendar_day 7", "2026-02-08 10:00")
    assert found["starts_on"] == "2026-02-09"
    assert short(found["due_at"]) == "2026-02-23 17:00"


@pytest.mark.parametrize(
    ("limit", "accepted", "expected"),
    [
        ("working_hour 4", "2026-03-09 08:00", "2026-03-09 12:00"),
        ("working_hour 4", "2026-03-09 10:00", "2026-03-09 15:30"),
        ("working_hour 2", "2026-03-13 16:30", "2026-03-16 09:30"),
    ],
)
def test_example_9_working_hours_know_no_cut_off(limit: str, accepted: str, expected: str):
    assert due(limit, accepted) == expected


@pytest.mark.parametrize(
    ("answered", "expected"),
    [("2026-03-16 14:00", "2026-03-16 17:00"), ("2026-03-16 15:01", "2026-03-17 17:00")],
)
def test_example_10_with_nothing_left_it_is_due_on_the_day_the_answer_counts_as(answered: str, expected: str):
    asks, answers = event("supplement_requested", "2026-03-11 09:00"), event("supplemented", answered)
    assert due("working_day 2", "2026-03-09 10:00", asks, answers) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [("2026-03-12 16:59:59", "2026-03-16 17:00"), ("2026-03-12 17:00", "2026-03-12 17:00")],
)
def test_example_11_an_extension_counts_if_made_before_the_due_date(made: str, expected: str):
    extension = event("extended", made, working_days=2)
    assert due("working_day 3", "2026-03-09 10:00", extension) == expected


def test_example_12_a_second_supplement_is_due_as_computed_and_flagged():
    found = reckoned(
        "working_day 3",
        "2026-03-09 10:00",
        event("supplement_requested", "2026-03-10 10:00"),
        event("supplemented", "2026-03-11 10:00"),
        event("supplement_requested", "2026-03-12 10:00"),
        event("supplemented", "2026-03-16 10:00"),
    )
    assert short(found["due_at"]) == "2026-03-17 17:00"
    assert found["second_supplement"]


def test_example_13_tet_2027_as_computed():
    assert due("working_day 8", "2027-01-29 10:00") == "2027-02-17 17:00"


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2025-08-31", "2026-02-28"), ("2027-08-31", "2028-02-29"), ("2026-02-28", "2026-08-28")],
)
def test_example_14_a_paper_of_six_months(issued: str, until: str):
    found = due("calendar_month 6", f"{issued} 10:00", kind="paper", now="2027-12-01 08:00")
    assert found == f"{until} 23:59:59"


def test_example_15_half_a_day_is_a_morning_and_the_dossier_caps_it():
    half, given = "working_day 0.5", "2026-03-09 09:00"
    assert due(half, given, kind="task") == "2026-03-10 12:00"
    assert due(half, given, kind="task", cap_at="2026-03-09T17:00:00+07:00") == "2026-03-09 17:00"


def test_example_16_when_to_ask_for_a_paper_for_a_window_that_closes():
    window = {
        "kind": "window",
        "calendar": "hn",
        "now": "2026-01-01T08:00:00+07:00",
        "closes_on": "2026-01-03",
        "validity": {"unit": "calendar_month", "amount": 6},
        "processing": {"unit": "calendar_day", "amount": 7},
    }
    assert clock_answer(window) == {"from": "2025-07-03", "to": "2025-12-24", "advice": "too_late"}


def test_example_17_an_investors_own_calendar_ends_on_a_half_saturday():
    assert due("working_day 39", "2025-11-17 10:00", calendar="inv-kimchung") == "2026-01-03 12:00"


def test_example_18_over_the_swapped_monday_and_national_day():
    assert due("working_day 5", "2026-08-24 10:00") == "2026-09-03 17:00"


def test_the_same_day_extract_a_minute_before_the_cut_off_and_a_minute_after():
    assert due("same_day 1", "2026-03-06 14:59") == "2026-03-06 17:00"
    assert due("same_day 1", "2026-03-06 15:01") == "2026-03-09 17:00"


def test_the_land_transfer_uses_one_day_before_tet_and_seven_from_the_day_after_the_answer():
    found = reckoned(
        "working_day 8",
        "2026-02-12 10:00",
        event("supplement_requested", "2026-02-13 14:00"),
        event("supplemented", "2026-02-23 10:00"),
    )
    assert short(found["due_at"]) == "2026-03-04 17:00"
    assert [(line["from"], line["to"], line["counts"]) for line in found["explanation"]] == [
        ("2026-02-12", "2026-02-12", 0),
        ("2026-02-13", "2026-02-13", 1),
        ("2026-02-14", "2026-02-22", 0),
        ("2026-02-23", "2026-02-23", 0),
        ("2026-02-24", "2026-02-27", 4),
        ("2026-02-28", "2026-03-01", 0),
        ("2026-03-02", "2026-03-04", 3),
    ]
