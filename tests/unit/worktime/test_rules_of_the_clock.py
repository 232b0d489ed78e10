"""What each rule of the clock does beyond its worked example."""

from typing import Any

import pytest

from tests.builders.ledgers import clock_answer, due, event, ledger, reckoned, short

ASKED = event("supplement_requested", "2026-03-10 10:00")


def levels(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["level"], short(one["at"])) for one in found["warnings_at"]]


def test_while_paused_no_date_stands_and_the_date_if_answered_now_is_told():
    found = reckoned("working_day 3", "2026-03-09 10:00", ASKED, now="2026-03-11 15:00:01")
    assert (found["state"], found["due_at"], found["breach_at"], found["city_at"]) == (
        "paused",
        None,
        None,
        None,
    )
    assert found["warnings_at"] == []
    assert short(found["due_if_answered_now"]) == "2026-03-16 17:00"
    assert found["explanation"][-1]["to"] == "2026-03-11"


def test_a_pause_opened_at_the_due_date_changes_nothing():
    late = event("payment_requested", "2026-03-12 17:00")
    found = reckoned("working_day 3", "2026-03-09 10:00", late, now="2026-03-20 10:00")
    assert found["state"] == "paused"
    assert short(found["due_at"]) == short(found["due_if_answered_now"]) == "2026-03-12 17:00"
    assert short(found["breach_at"]) == "2026-03-12 17:00:01"
    assert found["warnings_at"] == []


def test_a_pause_opened_a_second_before_the_due_date_still_counts():
    found = reckoned(
        "working_day 3",
        "2026-03-09 10:00",
        event("payment_requested", "2026-03-12 16:59:59"),
        now="2026-03-20 10:00",
    )
    assert found["due_at"] is None


def test_completed_on_time_keeps_its_date_and_no_breach():
    found = reckoned("working_day 3", "2026-03-09 10:00", event("completed", "2026-03-12 17:00"))
    assert (found["state"], short(found["due_at"])) == ("stopped", "2026-03-12 17:00")
    assert (found["late_by"], found["breach_at"], found["city_at"]) == (None, None, None)


def test_completed_late_tells_by_how_much():
    found = reckoned("working_day 3", "2026-03-09 10:00", event("completed", "2026-03-16 09:00"))
    assert found["late_by"] == {"seconds": 3 * 86400 + 16 * 3600, "working_days": 2}
    assert short(found["breach_at"]) == "2026-03-12 17:00:01"


def test_a_recall_makes_the_completion_a_pause():
    done, back = event("completed", "2026-03-10 10:00"), event("recalled", "2026-03-16 10:00")
    found = reckoned("working_day 3", "2026-03-09 10:00", done, back, now="2026-03-16 11:00")
    assert (found["state"], short(found["due_at"])) == ("running", "2026-03-18 17:00")


def test_stopped_in_a_pause_ended_at_the_request():
    found = reckoned("working_day 3", "2026-03-09 10:00", ASKED, event("stopped", "2026-05-11 10:00"))
    assert (found["state"], short(found["due_at"]), found["late_by"]) == ("stopped", "2026-03-12 17:00", None)


def test_an_ended_clock_knows_no_later_publication():
    swap = event("calendar_published", "2026-03-10 12:00", off=["2026-03-11"], worked=[])
    done = event("completed", "2026-03-10 11:00")
    assert due("working_day 3", "2026-03-09 10:00", done, swap) == "2026-03-12 17:00"
    assert due("working_day 3", "2026-03-09 10:00", swap) == "2026-03-13 17:00"


def test_a_publication_before_acceptance_is_in_the_promise():
    known = event("calendar_published", "2026-03-08 12:00", off=["2026-03-11"], worked=["2026-03-14"])
    found = reckoned("working_day 4", "2026-03-09 10:00", known)
    assert short(found["promised_due_at"]) == "2026-03-14 17:00"


def test_a_make_up_day_has_the_normal_sessions_even_where_saturdays_are_short():
    swap = event("calendar_published", "2026-03-10 12:00", off=["2026-03-11"], worked=["2026-03-14"])
    limit, accepted = "working_day 4", "2026-03-09 10:00"
    assert due(limit, accepted, calendar="inv-kimchung") == "2026-03-13 17:00"
    assert due(limit, accepted, swap, calendar="inv-kimchung") == "2026-03-14 17:00"
    assert due("working_day 5", accepted, calendar="inv-kimchung") == "2026-03-14 12:00"


def test_the_later_publication_wins():
    off = event("calendar_published", "2026-03-09 12:00", off=["2026-03-11"], worked=[])
    on = event("calendar_published", "2026-03-10 12:00", off=[], worked=["2026-03-11"])
    assert due("working_day 3", "2026-03-09 10:00", on, off) == "2026-03-12 17:00"


def test_a_publication_may_leave_out_what_it_does_not_change():
    off = event("calendar_published", "2026-03-10 12:00", off=["2026-03-11"])
    on = event("calendar_published", "2026-03-10 12:00", off=None, worked=["2026-03-14"])
    assert due("working_day 3", "2026-03-09 10:00", off) == "2026-03-13 17:00"
    assert due("working_day 5", "2026-03-09 10:00", on) == "2026-03-14 17:00"


def test_an_extension_during_a_pause_counts_and_a_second_one_does_not():
    found = reckoned(
        "working_day 3",
        "2026-03-09 10:00",
        ASKED,
        event("extended", "2026-03-11 10:00", working_days=1),
        event("supplemented", "2026-03-12 10:00"),
        event("extended", "2026-03-13 10:00", working_days=100),
    )
    assert short(found["due_at"]) == "2026-03-17 17:00"


def test_a_pause_uses_up_the_limit_first_and_then_the_extension():
    found = reckoned(
        "working_hour 4",
        "2026-03-09 08:00",
        event("extended", "2026-03-09 09:00", working_days=3),
        event("payment_requested", "2026-03-10 09:00"),
        event("paid", "2026-03-12 09:00"),
    )
    assert short(found["due_at"]) == "2026-03-16 17:00"


def test_hours_stop_and_resume_to_the_second():
    found = due(
        "working_hour 4",
        "2026-03-09 10:00",
        event("payment_requested", "2026-03-09 11:00:01"),
        event("paid", "2026-03-09 13:45"),
    )
    assert found == "2026-03-09 16:44:59"


def test_warnings_come_at_the_last_quarter_and_on_the_last_day():
    assert levels(reckoned("working_day 8", "2026-03-09 10:00")) == [
        ("three_quarters", "2026-03-18 08:00"),
        ("one_day", "2026-03-19 08:00"),
    ]


def test_below_eight_working_days_there_is_no_quarter():
    assert levels(reckoned("working_day 7", "2026-03-09 10:00")) == [("one_day", "2026-03-18 08:00")]


def test_the_quarter_is_of_all_working_days_pauses_left_out():
    found = reckoned(
        "working_day 9",
        "2026-03-09 10:00",
        event("supplement_requested", "2026-03-16 10:00"),
        event("supplemented", "2026-03-23 10:00"),
    )
    assert levels(found)[0] == ("three_quarters", "2026-03-26 08:00")


def test_a_warning_that_would_lie_before_the_last_answer_moves_there():
    found = reckoned(
        "working_day 2",
        "2026-03-09 10:00",
        event("supplement_requested", "2026-03-11 09:00"),
        event("supplemented", "2026-03-16 14:00"),
    )
    assert levels(found) == [("one_day", "2026-03-16 14:00")]


def test_the_warning_of_a_task_capped_on_a_day_off_comes_on_the_working_day_before():
    found = reckoned("working_day 9", "2026-03-09 10:00", kind="task", cap_at="2026-03-14T10:00:00+07:00")
    assert levels(found) == [("one_day", "2026-03-13 08:00")]


def test_two_hours_left_is_the_latest_instant_that_has_them():
    assert levels(reckoned("working_hour 4", "2026-03-09 10:00")) == [("two_hours", "2026-03-09 13:30")]


def test_the_city_hears_of_it_at_the_next_working_days_closing():
    assert short(reckoned("working_day 4", "2026-03-09 10:00")["city_at"]) == "2026-03-16 17:00"


def test_tasks_have_no_cut_off_only_closing():
    assert due("working_day 1", "2026-03-09 17:00", kind="task") == "2026-03-10 17:00"
    assert due("working_day 1", "2026-03-09 17:00:01", kind="task") == "2026-03-11 17:00"


def test_a_paper_has_neither_warnings_nor_anyone_to_escalate_to():
    found = reckoned("calendar_day 30", "2026-03-09 10:00", kind="paper")
    assert (found["state"], found["warnings_at"], found["city_at"]) == ("running", [], None)


@pytest.mark.parametrize(
    ("closes", "now", "advice"),
    [
        ("2026-12-31", "2026-06-30", "too_early"),
        ("2026-12-31", "2026-07-01", "now"),
        ("2026-12-31", "2026-12-23", "now"),
        ("2026-12-31", "2026-12-25", "too_late"),
    ],
)
def test_a_window_says_whether_now_is_the_time(closes: str, now: str, advice: str):
    raw = {
        "kind": "window",
        "calendar": "hn",
        "now": f"{now}T12:00:00Z",
        "closes_on": closes,
        "validity": {"unit": "calendar_month", "amount": 6},
        "processing": {"unit": "calendar_day", "amount": 7},
    }
    assert clock_answer(raw)["advice"] == advice


def test_a_margin_on_both_sides_may_leave_no_day_at_all():
    raw = {
        "kind": "window",
        "calendar": "hn",
        "now": "2026-03-09T08:00:00Z",
        "closes_on": "2026-12-31",
        "validity": {"unit": "calendar_day", "amount": 20},
        "processing": {"unit": "working_day", "amount": 5},
        "margin_days": 10,
    }
    assert clock_answer(raw)["advice"] == "never"


def test_a_reckoning_beyond_the_covered_years_is_refused_and_not_guessed():
    found = clock_answer(ledger("working_day 500", "2027-03-09 10:00"))
    assert found["error"]["code"] == "outside_calendar"
    assert found["error"]["field"] is None
