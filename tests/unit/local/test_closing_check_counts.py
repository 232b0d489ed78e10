"""The closing check counts minutes and reads dates by itself; a planted fault must be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from deploy.demo.city_day.closing_check.lateness import count_minutes, minute_errors
from deploy.demo.city_day.closing_check.topics import Record
from deploy.demo.city_day.closing_check.true_dates import days_in_record, days_in_text, nothing_untrue
from deploy.demo.city_day.filing import Filed
from deploy.demo.dossiers import Filing
from shared.clock import CITY_TZ
from shared.worktime import working_seconds
from tests.builders import catalogue as city
from tests.builders.dossiers import WARD_COUNTER

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=CITY_TZ)
MONDAY_MORNING = datetime(2026, 3, 9, 9, 30, tzinfo=CITY_TZ)
CODE, LINK = "H26.X-260306-0001", "7K2M9QXA"
CALENDAR = city.catalogue().calendar("hn-ward", FRIDAY)


def life(**changed: Any) -> dict[str, Any]:
    """Due at the close of Friday, done on Monday at half past nine."""
    due = FRIDAY.replace(hour=17)
    told = {
        "code": CODE,
        "receiving_office": WARD_COUNTER,
        "accepted_at": FRIDAY.isoformat(),
        "current_due_at": due.isoformat(),
        "completed_at": MONDAY_MORNING.isoformat(),
        "time": [{"minutes": count_minutes(CALENDAR, FRIDAY, MONDAY_MORNING)}],
        "late": [{"minutes": count_minutes(CALENDAR, due, MONDAY_MORNING)}],
        "apology": None,
    }
    return told | changed


def find_problems(**changed: Any) -> list[str]:
    return list(minute_errors(life(**changed), city.catalogue(), MONDAY_MORNING + timedelta(days=1)))


def test_walking_day_by_day_counts_what_the_clock_counts() -> None:
    spans = [(FRIDAY + timedelta(hours=7 * n), FRIDAY + timedelta(hours=7 * n + 11 * n)) for n in range(60)]
    assert [count_minutes(CALENDAR, *span) for span in spans] == [
        working_seconds(CALENDAR, *span) // 60 for span in spans
    ]
    assert count_minutes(CALENDAR, MONDAY_MORNING, FRIDAY) == 0


def test_a_life_in_order_adds_up_whatever_its_parts() -> None:
    late = life()["late"][0]["minutes"]
    assert late > 1
    assert find_problems(late=[{"minutes": 1}, {"minutes": late - 1}]) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"late": []}, "its late time is"),
        ({"late": [{"minutes": 1}]}, "and its parts are 1"),
        ({"time": [{"minutes": 7}]}, "its time is"),
        ({"current_due_at": None}, "its late time is 0 minutes"),
        ({"completed_at": None}, "its time is"),
    ],
)
def test_a_minute_lost_or_invented_is_told(changed: dict[str, Any], why: str) -> None:
    assert any(why in said for said in find_problems(**changed)), find_problems(**changed)


def test_an_apology_that_says_less_than_it_was_is_told() -> None:
    due, signed = FRIDAY.replace(hour=17), MONDAY_MORNING
    true = {
        "was_due_at": due.isoformat(),
        "signed_at": signed.isoformat(),
        "late_minutes": count_minutes(CALENDAR, due, signed),
    }
    assert find_problems(apology=true) == []
    assert find_problems(apology=true | {"late_minutes": true["late_minutes"] - 1}) != []
    assert find_problems(apology={"signed_at": None}) == []


def complaints_about(text: str, *, links: dict[str, str] | None = None) -> list[str]:
    """What is said against a text that reached a phone, of a dossier whose topics speak of two days."""
    value = {"code": CODE, "accepted_at": FRIDAY.isoformat(), "explanation": [{"to": "2026-03-13"}]}
    record = Record("x.case.updates", 0, 0, b"root", orjson.dumps(value), {})
    filed = Filed(Filing(FRIDAY, "key", {"contact": {}}, {}), CODE, "secret", WARD_COUNTER)
    sms = {"text": text, "to": "84900000001"}
    return nothing_untrue([record], [filed], {LINK: CODE} if links is None else links, [sms]).contradictions


def test_a_date_of_another_dossier_is_told() -> None:
    assert complaints_about(f"Hen tra 13/03/2026, nop 06/03. /t/{LINK}") == []
    assert complaints_about(f"Hen tra 16/03/2026. /t/{LINK}") == [
        f"{CODE}: told of 16/3, which is no date of this dossier"
    ]


def test_a_text_of_no_dossier_is_judged_elsewhere() -> None:
    assert complaints_about(f"Hen tra 16/03/2026. /t/{LINK}", links={}) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Hen tra 13/03/2026", [(13, 3)]),
        ("từ 9/3 đến 13/3", [(9, 3), (13, 3)]),
        ("NĐ 151/2025/NĐ-CP, TT 40/60, 31/02", []),
        ("https://hcc.example.vn/t/7K2M9QXA", []),
    ],
)
def test_only_what_a_person_reads_as_a_day_is_one(text: str, days: list[tuple[int, int]]) -> None:
    assert list(days_in_text(text)) == days


def test_an_instant_is_kept_by_the_day_it_was_in_the_city() -> None:
    value = b'{"a": "2026-03-06T18:30:00Z", "b": "2026-03-06T17:00:00+07:00", "c": "2026-03-09"}'
    assert list(days_in_record(value)) == [(7, 3), (6, 3), (9, 3)]
