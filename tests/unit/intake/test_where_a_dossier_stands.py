"""Where a dossier stands for its citizen: the door's own facts, overlaid by what routing last said."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.tracking.dossier_status import DossierStatus, dossier_status, working_days_left
from services.intake.domain.tracking.followed_case import FollowedCase, Reasons
from shared.events.case import CaseState
from shared.events.envelope import decode_data
from shared.states import State
from tests.builders import catalogue as city
from tests.builders.dossiers import NEXT_FRIDAY, WARD_COUNTER, at_the_counter, papers_owed
from tests.builders.intake import FRIDAY

ACCEPTED = replace(at_the_counter(), state=State.ACCEPTED, accepted_at=FRIDAY, promised_due_at=NEXT_FRIDAY)


def step(name: str, state: str, **changes: Any) -> dict[str, Any]:
    """A step as routing tells it."""
    return {
        "task_id": None,
        "step": name,
        "title_vi": name,
        "title_en": name,
        "office": "WARD.00004",
        "office_short": "UBND P. Ba Đình",
        "state": state,
        "due_at": None,
        "done_at": None,
    } | changes


def followed_case(**changes: Any) -> FollowedCase:
    """What routing says of a dossier under way."""
    state = {
        "code": "H26.1",
        "subject_ref": uuid4(),
        "link_ref": "7K2M9QXA",
        "kind": "statutory",
        "because": "task.completed.v1",
        "because_id": "x",
        "receiving_office": "WARD.00004",
        "receiving_office_short": "UBND P. Ba Đình",
        "delivery": "counter",
        "submitted_at": FRIDAY,
        "state": "in_process",
        "stage": None,
        "holder": {"office": "WARD.00004", "short": "UBND P. Ba Đình", "since": FRIDAY.isoformat()},
        "current_due_at": NEXT_FRIDAY.isoformat(),
        "steps": [step("check", "started")],
    }
    reasons = TypeAdapter(Reasons).validate_python(changes.pop("kept", {}))
    return FollowedCase(decode_data(CaseState, state | changes), reasons)


def status_of(dossier: Dossier = ACCEPTED, said: FollowedCase | None = None) -> DossierStatus:
    return dossier_status(dossier, said, city.catalogue())


def test_before_anything_is_told_the_counter_has_it() -> None:
    seen = status_of(at_the_counter())
    assert (seen.state, seen.due_at, seen.is_closed) == ("submitted", None, False)
    assert seen.holder is not None
    assert (seen.holder.office, seen.holder.since) == (WARD_COUNTER, FRIDAY)


@pytest.mark.parametrize(
    "said", [{"state": "submitted"}, {"state": "withdrawal_requested", "stage": "intake"}]
)
def test_before_acceptance_the_door_knows_best(said: dict[str, Any]) -> None:
    assert status_of(papers_owed(), followed_case(**said)).state == "supplement_requested"


def test_an_accepted_dossier_is_not_taken_back_by_what_was_said_before() -> None:
    assert status_of(ACCEPTED, followed_case(state="submitted")).state == "accepted"


def test_after_acceptance_routing_says_where_it_is_and_by_when() -> None:
    later = NEXT_FRIDAY + timedelta(days=3)
    seen = status_of(said=followed_case(current_due_at=later.isoformat()))
    assert seen.holder is not None
    assert (seen.state, seen.holder.short) == ("in_process", "UBND P. Ba Đình")
    assert (seen.promised_due_at, seen.due_at) == (NEXT_FRIDAY, later)


def test_while_a_paper_or_a_fee_is_owed_there_is_no_date_and_the_page_says_what() -> None:
    owed = {
        "kind": "payment",
        "office": "WARD.00004",
        "asked_at": FRIDAY,
        "nth": 1,
        "amount": 8000,
        "answer_by": NEXT_FRIDAY.isoformat(),
    }
    seen = status_of(said=followed_case(state="payment_requested", current_due_at=None, request=owed))
    assert seen.due_at is None
    assert seen.owed is not None
    assert (seen.owed.amount, seen.owed.answer_by) == (8000, NEXT_FRIDAY)


def test_what_the_door_asked_for_is_owed_too() -> None:
    owed = status_of(papers_owed()).owed
    assert owed is not None
    assert (owed.items, owed.amount) == (("XN-HONNHAN",), None)


@pytest.mark.parametrize("state", ["refused", "completed", "returned", "stopped"])
def test_what_has_ended_is_in_nobodys_hands(state: str) -> None:
    seen = status_of(said=followed_case(state=state))
    assert seen.is_closed
    assert seen.holder is None


def test_the_act_of_the_counter_is_no_step_of_the_work() -> None:
    steps = [step("receive", "done"), step("intake", "done", office=WARD_COUNTER), step("check", "queued")]
    assert [one.step for one in status_of(said=followed_case(steps=steps)).steps] == ["check"]


def test_where_a_rule_accepted_it_the_office_receives_as_a_step() -> None:
    steps = [step("intake", "queued", office=WARD_COUNTER)]
    by_rule = replace(ACCEPTED, auto_accepted=True)
    assert [one.step for one in status_of(by_rule, followed_case(steps=steps)).steps] == ["intake"]


def test_a_step_of_the_persons_own_is_their_turn_only_while_it_is_open() -> None:
    pay = step("pay", "queued", actor="citizen")
    turn = status_of(said=followed_case(steps=[pay])).citizen_step
    assert turn is not None
    assert turn.step == "pay"
    assert status_of(said=followed_case(steps=[pay | {"state": "waiting"}])).citizen_step is None
    assert status_of(said=followed_case(steps=[pay | {"actor": "householder"}])).citizen_step is None


def test_a_promised_dossier_without_a_date_stands_still_for_the_step_outside_the_limit() -> None:
    stands = status_of(said=followed_case(current_due_at=None, steps=[step("tax", "started")])).pausing_step
    assert stands is not None
    assert stands.step == "tax"
    assert status_of(said=followed_case()).pausing_step is None
    assert status_of(said=followed_case(state="completed", current_due_at=None)).pausing_step is None


def test_an_apology_is_shown_once_somebody_has_signed_for_it() -> None:
    draft = {
        "ref": str(uuid4()),
        "office": "WARD.00004",
        "drafted_at": NEXT_FRIDAY.isoformat(),
        "sign_by": NEXT_FRIDAY.isoformat(),
        "office_short": "UBND P. Ba Đình",
        "title_vi": "kiểm tra",
        "title_en": "check",
        "was_due_at": NEXT_FRIDAY.isoformat(),
        "late_minutes": 90,
        "new_due_at": None,
        "signed_at": None,
    }
    monday = NEXT_FRIDAY + timedelta(days=3)
    signed = draft | {"new_due_at": monday.isoformat(), "signed_at": NEXT_FRIDAY.isoformat()}
    assert status_of(said=followed_case(apology=draft)).apology is None
    shown = status_of(said=followed_case(apology=signed)).apology
    assert shown is not None
    assert (shown.late_minutes, shown.new_due_at) == (90, monday)


def test_a_child_is_shown_under_its_step_with_who_has_it_or_had_it() -> None:
    child = {
        "dossier_id": str(uuid4()),
        "procedure": {"code": "housing-condition-02", "version": 1},
        "office": "LRO.004",
        "opened_at": FRIDAY.isoformat(),
        "code": "H26.1-C1",
        "office_short": "CN VPĐKĐĐ",
        "holder": {"office": "LRO.004", "short": "VPĐKĐĐ Long Biên", "since": FRIDAY.isoformat()},
        "state": "in_process",
        "due_at": NEXT_FRIDAY.isoformat(),
        "completed_at": None,
        "outcome": None,
    }
    ended = child | {"holder": None, "state": "completed", "outcome": "denied"}
    steps = [step("form-02", "waiting", child=child), step("form-03", "declined", child=ended)]
    now, over = (one.child for one in status_of(said=followed_case(steps=steps)).steps)
    assert now is not None
    assert over is not None
    assert (now.held_by, now.due_at) == ("VPĐKĐĐ Long Biên", NEXT_FRIDAY)
    assert (over.held_by, over.outcome) == ("CN VPĐKĐĐ", "denied")


def test_offices_asked_are_counted_and_the_silent_named() -> None:
    asked = {
        "step": "search",
        "title_vi": "tra cứu",
        "title_en": "search",
        "asked": 30,
        "answered": 27,
        "awaited": [],
        "silent": ["CN 1", "CN 2", "CN 3"],
        "reason": "đủ căn cứ",
    }
    (shown,) = status_of(said=followed_case(queries=[asked])).queries
    assert (shown.asked, shown.answered, shown.silent) == (30, 27, ("CN 1", "CN 2", "CN 3"))


@pytest.mark.parametrize(
    ("due", "days"),
    [("2026-03-06T17:00", 0), ("2026-03-09T17:00", 1), ("2026-03-13T17:00", 5), ("2026-03-05T17:00", 0)],
)
def test_working_days_left_leave_out_the_weekend(due: str, days: int) -> None:
    until = datetime.fromisoformat(f"{due}:00+07:00")
    assert working_days_left(city.catalogue(), ACCEPTED, until, FRIDAY) == days
