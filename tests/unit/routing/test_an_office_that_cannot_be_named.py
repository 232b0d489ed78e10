"""While an office of its plan cannot be named an accepted dossier rests in `accepted`, and then goes on."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.routing.domain.acts import intake_events, withdrawal
from services.routing.domain.acts.available_acts import available_acts
from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails, TaskAct, TaskReply
from services.routing.domain.deadlines.deadlines import next_deadlines
from services.routing.domain.deadlines.escalation import fire_deadlines
from services.routing.domain.plan.placement import retry_placement
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events import case as wire
from shared.events import dossier
from tests.builders.catalogue import (
    DISSOLVED,
    NEIGHBOUR,
    catalogue,
    items_without_the_ward,
    with_a_fee_before_work,
    without_the_ward,
)
from tests.builders.routing import (
    COUNTER,
    FRIDAY,
    OPERATOR,
    after,
    met,
    opened,
    rules,
    submitted_case,
    task_of,
)
from tests.builders.routing_asks import case_after, cause, code_of, on

TODAY = without_the_ward()
PROMISED, MONDAY = on(3, 25, 17), on(3, 9)
PUBLISHED = "organisation.version_published.v1"


def filed_case(procedure: str = "building-permit-house", **changes: object) -> Case:
    """At a counter that stands, about a parcel in the ward that will be dissolved."""
    case = submitted_case(procedure, facts={"floors": 2, "area_m2": 80})
    elsewhere = dict.fromkeys(set(case.place) - {"chosen", "project"}, DISSOLVED)
    return opened(replace(case, **{"place": {**case.place, **elsewhere}, **changes}))


def accepted(case: Case, by: Catalogue = TODAY) -> CaseChange:
    said = intake_events.Acceptance(FRIDAY, case.version, PROMISED, ())
    change = intake_events.accept_case(case, said, cause(dossier.ACCEPTED), Rules(by, FRIDAY))
    assert isinstance(change, CaseChange), change
    return change


def waiting(**changes: Any) -> Case:
    return accepted(filed_case(**changes)).case


def looked_at(case: Case, by: Catalogue, at: datetime = MONDAY) -> CaseChange | None:
    return retry_placement(case, cause(PUBLISHED), Rules(by, at))


def counter_says(case: Case, act: TaskAct | OfficeRequest) -> CaseChange | NoEffect | Refused:
    (task,) = case.current_tasks
    actor = replace(COUNTER, office=task.office)
    return apply_office_reply(
        case, TaskReply(task.id, act, task.office, actor, FACTS[act], "x", reason="x"), Rules(TODAY, MONDAY)
    )


def test_acceptance_is_taken_and_told_and_nothing_handed_out() -> None:
    change = accepted(filed_case())
    case = change.case
    assert (case.state, case.accepted_at, case.current_due_at) == ("accepted", FRIDAY, PROMISED)
    assert [(one.cause.fact, one.case.state.value) for one in change.updates] == [
        (dossier.ACCEPTED, "accepted")
    ]
    assert not change.dispatches


def test_what_is_missing_is_kept_with_it() -> None:
    missing = waiting().unplaced
    assert missing is not None
    assert (missing.role, missing.field, missing.value) == ("WARD-EIU", "place.parcel", DISSOLVED)
    assert (missing.why, missing.since) == (f"ended on 2026-03-06: {DISSOLVED}", FRIDAY)


@pytest.mark.parametrize("by_rule", [False, True])
def test_the_receiving_office_has_it_in_hands_for_a_day(by_rule: bool) -> None:
    case = waiting(auto_accept=by_rule)
    holder = case.holder
    assert holder is not None
    assert holder.office == case.receiving_office
    assert [task.due_at for task in case.current_tasks] == [on(3, 9, 9, 30)]


def test_nobody_naming_one_goes_to_the_operator_then_up() -> None:
    case = waiting()
    alarms = [(alarm.level, alarm.to) for alarm in fired(case, on(3, 13)) if alarm.step == "receive"]
    assert [to for level, to in alarms if level == "breach"] == ["operator"]
    assert alarms[-1][1] in {"head", "city"}


def test_the_dossiers_own_date_runs_and_breaks() -> None:
    case = waiting()
    assert {one.clock.due_at for one in next_deadlines(case, Rules(TODAY, FRIDAY)).values()} >= {PROMISED}
    late = fired(case, on(3, 26))
    assert (case.id, "breach") in {(alarm.about, alarm.level) for alarm in late}


def fired(case: Case, at: datetime) -> tuple[FiredDeadline, ...]:
    change = fire_deadlines(case, Rules(TODAY, at))
    assert change is not None
    return change.case.alarms


def test_once_published_it_goes_on_as_an_acceptance_would() -> None:
    case = filed_case()
    at_once = accepted(case, catalogue()).case
    change = looked_at(accepted(case).case, catalogue(), FRIDAY)
    assert change is not None
    assert [(one.type, one.case.state.value) for one in change.updates] == [(wire.ROUTED, "in_process")]
    assert _shape(change.case) == _shape(at_once)
    assert change.case.unplaced is None
    assert [sent.task.step for sent in change.dispatches] == ["appraise", "consult"]


def test_it_goes_to_the_ward_that_took_over() -> None:
    change = looked_at(waiting(), without_the_ward(into=NEIGHBOUR))
    assert change is not None
    offices = {task.office for task in change.case.step_tasks if task.role.startswith("WARD")}
    assert offices == {f"WARD-EIU.{NEIGHBOUR}", f"WARD.{NEIGHBOUR}"}


def test_what_its_offices_have_they_finish() -> None:
    begun = accepted(filed_case(), catalogue()).case
    task = task_of(begun, "appraise")
    party = Actor(kind="party", party=task.party)
    said = TaskReply(task.id, TaskAct.COMPLETE, task.office, party, FACTS[TaskAct.COMPLETE], "x", task.party)
    assert (
        task_of(case_after(apply_office_reply(begun, said, Rules(TODAY, MONDAY))), "appraise").state == "done"
    )


def _shape(case: Case) -> list[tuple[object, ...]]:
    return [
        (task.n, task.id, task.step, task.office, task.state, task.due_at) for task in case.step_tasks[1:]
    ]


def test_a_second_look_finds_nothing_to_do() -> None:
    change = looked_at(waiting(), catalogue())
    assert change is not None
    assert looked_at(change.case, catalogue()) is None
    assert looked_at(waiting(), TODAY) is None


def test_another_reason_is_told_and_the_wait_goes_on_from_the_first() -> None:
    moved = replace(waiting(), place={"chosen": "00070"})
    change = looked_at(moved, TODAY)
    assert change is not None
    assert change.case.unplaced is not None
    assert (change.case.unplaced.why, change.case.unplaced.since) == ("not given", FRIDAY)
    assert [one.type for one in change.updates] == [wire.UPDATED]


def test_a_fee_before_work_is_asked_for_once_the_offices_are_known() -> None:
    case = accepted(filed_case("business-household", channel="counter")).case
    change = looked_at(case, with_a_fee_before_work())
    assert change is not None
    assert [(one.cause.fact, one.case.state.value) for one in change.updates] == [
        (wire.PAYMENT_REQUESTED, "payment_requested")
    ]
    assert change.case.holder is not None
    assert change.case.holder.office == case.receiving_office


def test_a_letter_owed_by_then_is_signed_before_anything_is_handed_out() -> None:
    late = fire_deadlines(waiting(), Rules(TODAY, on(3, 26)))
    assert late is not None
    change = looked_at(late.case, catalogue(), on(3, 26, 11))
    assert change is not None
    assert {task.step for task in change.case.tasks if task.is_open} == {"letter"}


def test_a_withdrawal_meanwhile_is_confirmed_at_the_counter() -> None:
    asked = case_after(withdrawal.request_withdrawal(waiting(), cause(dossier.WITHDRAWAL_REQUESTED), MONDAY))
    assert (asked.state, asked.current_due_at) == ("withdrawal_requested", PROMISED)
    stopped = case_after(counter_says(asked, OfficeRequest.STOP))
    assert (stopped.state, stopped.unplaced) == ("stopped", None)
    assert not [task for task in stopped.tasks if task.is_open]


def test_kept_after_all_it_waits_again() -> None:
    before = waiting()
    asked = case_after(withdrawal.request_withdrawal(before, cause(dossier.WITHDRAWAL_REQUESTED), MONDAY))
    assert looked_at(asked, catalogue()) is None
    assert (
        case_after(
            withdrawal.cancel_withdrawal(asked, cause(dossier.WITHDRAWAL_CANCELLED), Rules(TODAY, MONDAY))
        )
        == before
    )


def test_kept_after_the_office_was_published_it_goes_on_at_once() -> None:
    asked = case_after(withdrawal.request_withdrawal(waiting(), cause(dossier.WITHDRAWAL_REQUESTED), MONDAY))
    change = withdrawal.cancel_withdrawal(asked, cause(dossier.WITHDRAWAL_CANCELLED), rules(MONDAY))
    assert isinstance(change, CaseChange)
    assert [(one.type, one.case.state.value) for one in change.updates] == [
        (wire.UPDATED, "accepted"),
        (wire.ROUTED, "in_process"),
    ]


@pytest.mark.parametrize(
    "act",
    [TaskAct.START, TaskAct.COMPLETE, TaskAct.DECLINE, OfficeRequest.SUPPLEMENT, OfficeRequest.EXTENSION],
)
def test_all_else_is_decided_at_the_counter(act: TaskAct | OfficeRequest) -> None:
    assert code_of(counter_says(waiting(), act)) == "decided_at_the_counter"


def finding(by: Catalogue) -> CaseChange | NoEffect | Refused:
    """An office of the dissolved ward, at work since before, finds out that a step more is needed."""
    there = dict.fromkeys(("chosen", "residence"), DISSOLVED)
    begun = accepted(opened(replace(submitted_case("disability-certificate"), place=there)), catalogue()).case
    case = met(after(begun, "intake", "convene"), "assess")
    task = task_of(case, "assess")
    who = Actor(kind="party", party=task.party)
    wants = RequestDetails(findings=("council_cannot_conclude",))
    said = TaskReply(
        task.id, TaskAct.COMPLETE, task.office, who, FACTS[TaskAct.COMPLETE], "x", task.party, details=wants
    )
    return apply_office_reply(case, said, Rules(by, MONDAY))


def test_what_it_finds_opens_a_step_of_an_office_that_is_known() -> None:
    assert task_of(case_after(finding(TODAY)), "refer").state == "queued"


def test_a_step_that_it_finds_and_that_has_no_office_is_refused_by_name() -> None:
    assert code_of(finding(nobody_assesses())) == "no_office_yet"


def nobody_assesses() -> Catalogue:
    made = deepcopy(items_without_the_ward())
    for key, procedure in made.items():
        if key.startswith("procedure:disability-certificate:"):
            procedure["places"].pop("SYT-GDYK")
    return Catalogue.from_items(made)


def test_nothing_is_stopped_or_waived_that_has_not_begun() -> None:
    assert code_of(counter_says(waiting(), OfficeRequest.STOP)) == "work_not_begun"
    assert code_of(counter_says(waiting(), OfficeRequest.WAIVER)) == "no_fee_owed"
    case = waiting()
    assert available_acts(case, case.current_tasks[0], replace(COUNTER, office=case.receiving_office)) == ()
    assert available_acts(case, case.current_tasks[0], OPERATOR) == ()


def test_late_and_without_a_plan_the_new_date_proposed_counts_all_that_it_may_take() -> None:
    late = fire_deadlines(waiting(), Rules(TODAY, PROMISED + timedelta(seconds=1)))
    assert late is not None
    letter = late.case.apology
    assert letter is not None
    assert (letter.was_due_at, letter.new_due_at) == (PROMISED, on(4, 16, 17))
