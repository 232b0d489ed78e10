"""A calendar that changes: what it may say, whose date moves, and who hears of it."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.domain.case.case import BY_RULE, Case, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.clock import case_clock
from services.routing.domain.editions.calendar_check import calendar_errors
from services.routing.domain.plan.recompute_dates import date_shift, recompute_dates
from shared.catalogue import Catalogue
from shared.events.case import MOVED
from shared.states import State
from shared.worktime import ClockEvent, ClockEventType
from tests.builders.calendars import with_day
from tests.builders.catalogue import items
from tests.builders.routing import FRIDAY, rules, submitted_case, task_of, under_way

NOW = FRIDAY + timedelta(hours=2)
TUESDAY = "2026-03-10"
BECAUSE = Cause("calendar.version_published.v1", "calendar/1", BY_RULE)


def stored() -> dict[str, Any]:
    return items()["calendar"]


def with_line(**line: Any) -> dict[str, Any]:
    changed = deepcopy(stored())
    usual = {"date": TUESDAY, "kind": "day_off", "published": NOW.isoformat()}
    changed["national"].append({**changed["national"][-1], **usual, **line})
    return changed


def codes(offered: dict[str, Any]) -> list[str]:
    refused = calendar_errors(stored(), offered, NOW)
    return [error.code for error in refused.errors] if refused else []


def accepted(procedure: str = "business-household") -> Case:
    """In process since Friday, with the date and the count its promise gave."""
    case = replace(under_way(procedure), accepted_at=FRIDAY, current_due_at=None)
    return case_clock.clock_by_calendar(case, rules(FRIDAY))


def holiday() -> Catalogue:
    """A Tuesday off, announced since."""
    return Catalogue.from_items(with_day(TUESDAY, published=NOW))


def test_a_day_announced_today_for_a_day_to_come_is_in_order() -> None:
    assert codes(with_line()) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"date": "2026-03-06"}, ["calendar_in_past"]),
        ({"published": None}, ["not_published_yet"]),
        ({"published": (NOW + timedelta(seconds=1)).isoformat()}, ["not_published_yet"]),
        ({"date": "2026-03-05", "published": None}, ["calendar_in_past", "not_published_yet"]),
    ],
)
def test_a_new_line_lies_ahead_and_says_when_it_was_published(
    line: dict[str, Any], expected: list[str]
) -> None:
    assert codes(with_line(**line)) == expected


def test_what_was_announced_is_not_taken_back() -> None:
    changed = deepcopy(stored())
    del changed["national"][-1]
    assert codes(changed) == ["line_taken_back"]


def test_a_day_off_moves_the_date_and_says_from_where_and_the_promise_stays() -> None:
    case = accepted()
    change = recompute_dates(case, BECAUSE, Rules(holiday(), NOW))
    assert change is not None
    (told,) = change.updates
    assert (told.type, told.previous_due_at) == (MOVED, case.current_due_at)
    moved = date_shift(case, change.case)
    assert moved is not None
    assert moved.calendar_days == 1
    assert change.case.promised_due_at == case.promised_due_at
    assert (TUESDAY, 0.0) in {(line.from_.isoformat(), line.counts) for line in change.case.explanation}


def test_counting_again_changes_nothing_more() -> None:
    change = recompute_dates(accepted(), BECAUSE, Rules(holiday(), NOW))
    assert change is not None
    assert recompute_dates(change.case, BECAUSE, Rules(holiday(), NOW)) is None


def test_a_day_beyond_the_due_date_moves_nobody() -> None:
    later = Catalogue.from_items(with_day("2026-06-10", published=NOW))
    assert recompute_dates(accepted(), BECAUSE, Rules(later, NOW)) is None


def test_in_a_pause_there_is_no_date_to_move() -> None:
    asked = ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, FRIDAY + timedelta(hours=1))
    paused = case_clock.with_clock_event(
        replace(accepted(), state=State.SUPPLEMENT_REQUESTED), asked, rules(NOW)
    )
    assert paused.current_due_at is None
    change = recompute_dates(paused, BECAUSE, Rules(holiday(), NOW))
    assert change is None or date_shift(paused, change.case) is None


def test_open_tasks_move_with_their_calendar() -> None:
    case = accepted("disability-certificate")
    before = task_of(case, "convene").due_at
    change = recompute_dates(case, BECAUSE, Rules(holiday(), NOW))
    assert change is not None
    after = task_of(change.case, "convene").due_at
    assert before is not None
    assert after is not None
    assert after.date() - before.date() >= timedelta(days=1)


def test_a_dossier_waiting_at_the_door_has_no_date_of_its_own() -> None:
    assert date_shift(submitted_case(), submitted_case()) is None
