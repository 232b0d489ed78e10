"""Lines that cannot be reckoned: the first thing wrong, by its code and its field."""

from typing import Any

import pytest

from tests.builders.ledgers import clock_answer, event, ledger

ASKED = event("supplement_requested", "2026-03-10 10:00")
ANSWERED = event("supplemented", "2026-03-11 10:00")
DONE = event("completed", "2026-03-12 10:00")


def refusal(raw: object) -> tuple[str, str | None]:
    error = clock_answer(raw)["error"]
    assert error["message"]
    return error["code"], error["field"]


def good(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return ledger("working_day 3", "2026-03-09 10:00", *events, **more)


@pytest.mark.parametrize(
    "line",
    [b"", b"  ", b"{", b"[]", b"1", b"null", b'{"id": NaN}', b'{"id": "\xff"}', b"{} {}", b"\xef\xbb\xbf{}"],
)
def test_what_is_no_json_object_is_bad_json(line: bytes):
    assert refusal(line) == ("bad_json", None)


@pytest.mark.parametrize("name", ["kind", "unit", "amount", "calendar", "accepted_at", "now"])
@pytest.mark.parametrize("absent", [True, False])
def test_a_field_left_out_or_null_is_missing(name: str, absent: bool):
    raw = good() | {name: None}
    if absent:
        del raw[name]
    assert refusal(raw) == ("missing_field", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 7),
        ("kind", "case"),
        ("kind", "DOSSIER"),
        ("unit", "calendar_month"),
        ("amount", True),
        ("amount", "3"),
        ("amount", 0),
        ("amount", 0.5),
        ("amount", 1001),
        ("calendar", 1),
        ("accepted_at", "2026-03-09"),
        ("accepted_at", "2026-03-09T24:00:00+07:00"),
        ("accepted_at", "2026-03-09T10:00:60+07:00"),
        ("accepted_at", "2026-02-30T10:00:00+07:00"),
        ("accepted_at", "2026-03-09T10:00:00"),
        ("accepted_at", "2026-03-09t10:00:00z"),
        ("accepted_at", "2026-03-09T10:00:00+0700"),
        ("now", 1),
        ("events", {}),
    ],
)
def test_a_field_of_another_shape_is_bad(name: str, value: object):
    assert refusal(good() | {name: value}) == ("bad_field", name)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"calendar": "hcm"}, ("unknown_calendar", "calendar")),
        ({"accepted_at": "2023-12-31T23:59:59+07:00"}, ("outside_calendar", "accepted_at")),
        ({"now": "2027-12-31T17:00:00Z"}, ("outside_calendar", "now")),
        ({"now": "2026-03-09T09:59:59+07:00"}, ("before_start", "now")),
        ({"kind": "task", "cap_at": "2026-03-09T09:59:59+07:00"}, ("before_start", "cap_at")),
        ({"kind": "task", "amount": 0.25}, ("bad_field", "amount")),
        ({"unit": "working_hour", "amount": 0.3}, ("bad_field", "amount")),
        ({"unit": "same_day", "amount": 2}, ("bad_field", "amount")),
    ],
)
def test_a_field_may_say_what_cannot_be(change: dict[str, Any], expected: tuple[str, str]):
    assert refusal(good() | change) == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (7, ("bad_field", "events[0]")),
        ({"at": "2026-03-10T10:00:00Z"}, ("missing_field", "events[0].type")),
        ({"type": "lost"}, ("bad_field", "events[0].type")),
        ({"type": "paid"}, ("missing_field", "events[0].at")),
        ({"type": "paid", "at": "2028-01-01T10:00:00Z"}, ("outside_calendar", "events[0].at")),
        (event("extended", "2026-03-10 10:00"), ("missing_field", "events[0].working_days")),
        (event("extended", "2026-03-10 10:00", working_days=1.5), ("bad_field", "events[0].working_days")),
        (event("calendar_published", "2026-03-10 10:00"), ("missing_field", "events[0].off")),
        (event("calendar_published", "2026-03-10 10:00", worked={}), ("bad_field", "events[0].worked")),
        (
            event("calendar_published", "2026-03-10 10:00", off=[], worked=["2026-03-10"]),
            ("calendar_in_past", "events[0].worked"),
        ),
        (
            event("calendar_published", "2026-03-10 10:00", off=["2026-03-12"], worked=["2026-03-12"]),
            ("bad_field", "events[0].worked"),
        ),
        (
            event("calendar_published", "2026-03-10 10:00", off=["2028-03-12"], worked=[]),
            ("outside_calendar", "events[0].off"),
        ),
    ],
)
def test_a_broken_event_is_named_by_its_place(wrong: object, expected: tuple[str, str]):
    assert refusal(good() | {"events": [wrong]}) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("completed", "2026-03-09 09:00")], ("before_start", "events[0]")),
        ([event("completed", "2027-12-01 09:00")], ("after_now", "events[0]")),
        ([ASKED, DONE], ("event_order", "events[1]")),
        ([DONE, ASKED], ("event_order", "events[0]")),
        ([ANSWERED], ("event_order", "events[0]")),
        ([ASKED, event("paid", "2026-03-11 10:00")], ("event_order", "events[1]")),
        ([DONE, event("extended", "2026-03-13 10:00", working_days=1)], ("event_order", "events[1]")),
        ([event("stopped", "2026-03-10 10:00"), ASKED], ("event_order", "events[1]")),
        ([ANSWERED, event("stopped", "2026-03-10 10:00")], ("event_order", "events[0]")),
    ],
)
def test_events_that_cannot_have_happened_so_are_named_by_their_place(
    events: list[dict[str, Any]], expected: tuple[str, str]
):
    assert refusal(good(*events)) == expected


def test_what_is_wrong_in_a_field_comes_before_what_is_wrong_between_events():
    assert refusal(good(ANSWERED, {"type": "paid"})) == ("missing_field", "events[1].at")


def test_a_window_names_the_fields_of_its_parts():
    raw = {"kind": "window", "calendar": "hn", "now": "2026-03-09T08:00:00Z", "closes_on": "2026-12-31"}
    assert refusal(raw) == ("missing_field", "validity")
    assert refusal(raw | {"validity": {"unit": "working_day"}}) == ("bad_field", "validity.unit")
    assert refusal(raw | {"closes_on": "31/12/2026"}) == ("bad_field", "closes_on")


def test_the_id_comes_back_with_a_result_and_with_an_error():
    assert clock_answer(good(id="a"))["id"] == "a"
    assert clock_answer({"id": "b"}) == {
        "id": "b",
        "error": {"code": "missing_field", "message": "kind is missing", "field": "kind"},
    }


def test_unknown_fields_are_ignored_and_five_point_zero_is_five():
    assert clock_answer(good() | {"amount": 3.0, "colour": 1e3, "cap_at": 7}) == clock_answer(good())
