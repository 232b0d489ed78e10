"""In order, twice, late, contradictory, from the wrong one: each answer has a defined outcome."""

import itertools
from uuid import uuid4

import pytest

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import CaseChange
from services.routing.domain.case.task import ACT_EFFECTS, NoEffect, TaskAct, TaskReply, TaskState
from shared.actor import Actor
from shared.errors import Refused
from tests.builders.routing import FRIDAY, OPERATOR, after, rules, says, task_of, under_way

DECLINED = {"act": TaskAct.DECLINE}


def refusal(decided: object) -> str:
    assert isinstance(decided, Refused), decided
    return decided.code


def test_every_pair_of_state_and_act_has_a_line() -> None:
    assert set(ACT_EFFECTS) == set(itertools.product(TaskState, TaskAct))


def test_started_then_completed_moves_the_task_and_the_next_step() -> None:
    case = after(under_way(), "check", act=TaskAct.START)
    assert task_of(case, "check").state is TaskState.STARTED
    case = after(case, "check")
    assert (task_of(case, "check").state, task_of(case, "sign").state) == (TaskState.DONE, TaskState.QUEUED)


def test_completed_without_started_is_fine() -> None:
    assert task_of(after(under_way(), "check"), "check").started_at == FRIDAY


def test_the_last_one_done_completes_the_dossier_in_one_record() -> None:
    change = says(after(under_way(), "check"), "sign", TaskAct.COMPLETE)
    assert isinstance(change, CaseChange)
    assert [told.type for told in change.updates] == ["dossier.completed.v1"]
    assert (change.case.state.value, change.case.completed_at) == ("completed", FRIDAY)


def test_a_no_of_the_last_office_denies_and_completes() -> None:
    case = after(after(under_way(), "check"), "sign", outcome="denied")
    assert (case.state.value, case.outcome) == ("completed", "denied")


def test_a_no_of_a_step_that_does_not_decide_is_refused_and_not_ignored() -> None:
    decided = says(under_way(), "check", TaskAct.COMPLETE, outcome="denied")
    assert refusal(decided) == "bad_field"


@pytest.mark.parametrize(
    ("before", "act", "why"),
    [
        ([TaskAct.START], TaskAct.START, "already_applied"),
        ([TaskAct.COMPLETE], TaskAct.COMPLETE, "already_applied"),
        ([TaskAct.DECLINE], TaskAct.DECLINE, "already_applied"),
        ([TaskAct.COMPLETE], TaskAct.START, "late"),
    ],
)
def test_told_twice_or_late_has_no_effect(before: list[TaskAct], act: TaskAct, why: str) -> None:
    case = under_way()
    for earlier in before:
        case = after(case, "check", act=earlier)
    assert says(case, "check", act) == NoEffect(why)


@pytest.mark.parametrize(
    ("before", "act", "code"),
    [
        (TaskAct.COMPLETE, TaskAct.DECLINE, "already_completed"),
        (TaskAct.DECLINE, TaskAct.COMPLETE, "already_declined"),
        (TaskAct.DECLINE, TaskAct.START, "already_declined"),
    ],
)
def test_a_contradiction_is_refused_by_name(before: TaskAct, act: TaskAct, code: str) -> None:
    assert refusal(says(after(under_way(), "check", act=before), "check", act)) == code


def test_a_second_outcome_is_refused_and_the_first_stands() -> None:
    case = after(under_way("birth-interlinked"), "birth", outcome="granted")
    assert refusal(says(case, "birth", TaskAct.COMPLETE, outcome="denied")) == "contradicts_earlier"


def test_a_step_whose_turn_has_not_come_cannot_be_answered() -> None:
    decided = says(under_way(), "sign", TaskAct.COMPLETE, party="wards")
    assert refusal(decided) in {"not_yet_queued", "office_not_served"}


def test_the_steps_own_party_is_told_that_its_turn_has_not_come() -> None:
    case = under_way("judicial-record-1")
    assert refusal(says(case, "search", TaskAct.COMPLETE, party="city-police")) == "not_yet_queued"


def test_a_party_speaks_only_for_offices_it_serves() -> None:
    assert refusal(says(under_way(), "check", TaskAct.COMPLETE, party="tax")) == "office_not_served"


def test_a_party_speaks_only_for_the_tasks_own_office() -> None:
    decided = says(under_way(), "check", TaskAct.COMPLETE, office="WARD-JUS.00145")
    assert refusal(decided) == "task_of_another_office"


def test_an_unknown_task_is_refused() -> None:
    said = TaskReply(
        uuid4(), TaskAct.START, "HPOL", Actor(kind="party", party="city-police"), "x", "y", "city-police"
    )
    assert refusal(apply_office_reply(under_way(), said, rules(FRIDAY))) == "unknown_task"
    assert refusal(apply_office_reply(None, said, rules(FRIDAY))) == "unknown_task"


def by_officer(office: str, actor: Actor, step: str = "check") -> object:
    case = under_way()
    said = TaskReply(task_of(case, step).id, TaskAct.COMPLETE, office, actor, "task.completed.v1", "x")
    return apply_office_reply(case, said, rules(FRIDAY))


def test_an_officer_works_for_the_own_office_only() -> None:
    own = Actor(kind="officer", id="a", office="WARD-JUS.00070", role="specialist")
    other = Actor(kind="officer", id="b", office="WARD-JUS.00145", role="specialist")
    assert isinstance(by_officer("WARD-JUS.00070", own), CaseChange)
    assert refusal(by_officer("WARD-JUS.00070", other)) == "task_of_another_office"


def test_an_operator_never_decides() -> None:
    assert refusal(by_officer("WARD-JUS.00070", OPERATOR)) == "operator_never_decides"


def test_declined_lies_with_the_centre() -> None:
    case = after(under_way(), "check", **DECLINED)
    assert task_of(case, "check").desk_office == "PASC"
    assert case.holder is not None
    assert case.holder.office == "PASC"
