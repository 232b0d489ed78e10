"""Thirty archives are asked, twenty-seven answer, the lead goes on: who was silent stays on record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import (
    NoEffect,
    OfficeRequest,
    RequestDetails,
    Task,
    TaskAct,
    TaskReply,
    TaskState,
)
from services.routing.domain.deadlines import escalation
from services.routing.domain.steps.queries import QueryTasks, query_of_step
from services.routing.outbound.case_events import dispatch_event, update_event
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from shared.events.case import CaseState
from tests.builders.routing import FRIDAY, after, rules, says, task_of, under_way

QUESTION = "Kho còn giữ hồ sơ gốc không?"


def checking() -> Case:
    """Form 02, before the archives are asked."""
    return after(under_way("housing-condition-02"), "lookup")


def apply_act(
    case: Case,
    task: Task,
    act: TaskAct | OfficeRequest,
    *,
    reason: str | None = None,
    offices: Sequence[str] = (),
) -> CaseChange | NoEffect | Refused:
    about = TaskReply(
        task_id=task.id,
        act=act,
        office=task.office,
        actor=Actor(kind="party", party=task.party),
        cause=agency.ANSWERED if task.is_question else FACTS[act],
        cause_id=str(uuid4()),
        party=task.party,
        reason=reason,
        details=RequestDetails(offices=tuple(offices)),
    )
    return apply_office_reply(case, about, rules(FRIDAY))


def changed(decided: CaseChange | NoEffect | Refused) -> CaseChange:
    assert isinstance(decided, CaseChange), decided
    return decided


def code_of(decided: object) -> str:
    assert isinstance(decided, Refused), decided
    return decided.code


def asked_all(case: Case, step: str = "archive-check", offices: Sequence[str] = ()) -> CaseChange:
    return changed(
        apply_act(case, task_of(case, step), OfficeRequest.OFFICES, reason=QUESTION, offices=offices)
    )


def answers(case: Case, how_many: int, text: str = "không còn") -> Case:
    for task in asked_by(case).open_tasks[:how_many]:
        case = changed(apply_act(case, task, TaskAct.COMPLETE, reason=text)).case
    return case


def asked_by(case: Case, step: str = "archive-check") -> QueryTasks:
    found = query_of_step(case, step)
    assert found is not None
    return found


def closes(case: Case, reason: str | None = "Ba kho đang kiểm kê") -> CaseChange | NoEffect | Refused:
    return apply_act(case, task_of(case, "archive-check"), OfficeRequest.CLOSED_QUERY, reason=reason)


@pytest.fixture
def case_with_answers() -> Case:
    """All thirty asked, twenty-seven answers in."""
    return answers(asked_all(checking()).case, 27)


def test_all_thirty_get_the_question_on_their_own_topic() -> None:
    change = asked_all(checking())
    sent = [event for one in change.dispatches if (event := dispatch_event(one, change.updates[-1], rules()))]
    assert (len(sent), {event.type for event in sent}) == (30, {"subquery.asked.v1"})
    assert {event.topic for event in sent} == {"agency.land-registry.tasks"}


def test_asking_moves_no_clock_of_the_citizens() -> None:
    before = checking()
    case = asked_all(before).case
    assert (case.state, case.current_due_at, case.ledger) == (
        before.state,
        before.current_due_at,
        before.ledger,
    )


def test_the_dossier_stays_in_the_hands_of_the_lead(case_with_answers: Case) -> None:
    assert case_with_answers.holder is not None
    assert case_with_answers.holder.office == task_of(case_with_answers, "archive-check").office


def test_the_step_is_not_done_while_answers_are_awaited(case_with_answers: Case) -> None:
    assert code_of(says(case_with_answers, "archive-check", TaskAct.COMPLETE)) == "answers_missing"


def test_the_lead_closes_it_with_a_reason_and_the_silent_are_named(case_with_answers: Case) -> None:
    change = changed(closes(case_with_answers))
    assert [told.type for told in change.updates] == ["subquery.closed.v1"]
    told = update_event(change.updates[0]).data
    assert isinstance(told, CaseState)
    query = told.queries[0]
    assert (query.asked, query.answered, len(query.silent), query.closed_by, query.reason) == (
        30,
        27,
        3,
        "person",
        "Ba kho đang kiểm kê",
    )


def test_a_dossier_that_stopped_still_says_which_step_asked(case_with_answers: Case) -> None:
    closed = [replace(task, state=TaskState.CLOSED) for task in case_with_answers.tasks]
    stopped = replace(case_with_answers, tasks=tuple(closed))
    assert (asked_by(stopped).lead.step, asked_by(stopped).lead.title_vi) == (
        "archive-check",
        "kiểm tra lưu trữ",
    )


def test_of_a_dossier_that_stopped_before_its_answers_were_in_nobody_closed_the_asking() -> None:
    case = answers(asked_all(checking()).case, 3)
    asked = asked_by(replace(case, tasks=tuple(stopped(task) for task in case.tasks)))
    assert (len(asked.answered_tasks), asked.open_tasks, asked.unanswered_tasks, asked.closed_by) == (
        3,
        (),
        (),
        None,
    )


def stopped(task: Task) -> Task:
    """What the end of its dossier leaves of a task."""
    return task if task.state is TaskState.DONE else replace(task, state=TaskState.CLOSED)


def test_then_the_step_is_done_and_the_next_begins(case_with_answers: Case) -> None:
    case = after(changed(closes(case_with_answers)).case, "archive-check")
    assert task_of(case, "sign").state is TaskState.QUEUED


def test_it_is_not_closed_without_a_reason(case_with_answers: Case) -> None:
    assert code_of(closes(case_with_answers, reason=" ")) == "silence_needs_a_reason"


def test_closing_twice_has_no_effect(case_with_answers: Case) -> None:
    assert closes(changed(closes(case_with_answers)).case) == NoEffect("already_applied")


def test_an_office_that_is_closed_upon_is_told(case_with_answers: Case) -> None:
    change = changed(closes(case_with_answers))
    sent = [event for one in change.dispatches if (event := dispatch_event(one, change.updates[-1], rules()))]
    assert [event.type for event in sent] == ["task.closed.v1"] * 3


def test_the_last_answer_closes_it_by_rule() -> None:
    case = asked_all(checking()).case
    change = changed(
        apply_act(answers(case, 29), asked_by(answers(case, 29)).open_tasks[0], TaskAct.COMPLETE)
    )
    assert [told.type for told in change.updates] == ["case.updated.v1", "subquery.closed.v1"]
    assert (asked_by(change.case).closed_by, asked_by(change.case).unanswered_tasks) == ("rule", ())


def test_an_answer_after_the_closing_goes_back_to_its_sender(case_with_answers: Case) -> None:
    late = asked_by(case_with_answers).open_tasks[0]
    assert (
        code_of(apply_act(changed(closes(case_with_answers)).case, late, TaskAct.COMPLETE)) == "query_closed"
    )


def test_the_same_answer_twice_has_no_effect(case_with_answers: Case) -> None:
    task = asked_by(case_with_answers).answered_tasks[0]
    assert apply_act(case_with_answers, task, TaskAct.COMPLETE, reason="không còn") == NoEffect(
        "already_applied"
    )


def test_another_answer_of_the_same_office_contradicts_its_first(case_with_answers: Case) -> None:
    task = asked_by(case_with_answers).answered_tasks[0]
    assert (
        code_of(apply_act(case_with_answers, task, TaskAct.COMPLETE, reason="còn giữ"))
        == "contradicts_earlier"
    )


def test_asking_again_asks_nobody_twice(case_with_answers: Case) -> None:
    decided = apply_act(
        case_with_answers, task_of(case_with_answers, "archive-check"), OfficeRequest.OFFICES, reason=QUESTION
    )
    assert decided == NoEffect("already_applied")


@pytest.mark.parametrize(
    ("step", "reason", "offices", "code"),
    [
        ("archive-check", "", [], "question_missing"),
        ("archive-check", QUESTION, ["TAX.001"], "not_one_to_ask"),
        ("sign", QUESTION, [], "not_yet_queued"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    step: str, reason: str, offices: list[str], code: str
) -> None:
    case = checking()
    task = replace(task_of(case, step), party="land-registry")
    assert code_of(apply_act(case, task, OfficeRequest.OFFICES, reason=reason, offices=offices)) == code


def test_a_step_without_a_list_asks_nobody() -> None:
    case = under_way("business-household")
    assert (
        code_of(apply_act(case, task_of(case, "review"), OfficeRequest.OFFICES, reason=QUESTION))
        == "step_asks_nobody"
    )


def test_more_than_the_procedure_allows_is_refused() -> None:
    case = under_way("marital-status")
    assert (
        code_of(apply_act(case, task_of(case, "check"), OfficeRequest.OFFICES, reason=QUESTION))
        == "too_many_to_ask"
    )


def consulted() -> Case:
    """A building permit, three bodies asked, one answered."""
    case = under_way("building-permit-house")
    case = asked_all(case, "consult", ["PLAN", "FIRE", "POWER"]).case
    return changed(
        apply_act(case, asked_by(case, "consult").open_tasks[0], TaskAct.COMPLETE, reason="đồng ý")
    ).case


def when_time_is_over(case: Case, step: str) -> datetime:
    return (asked_by(case, step).open_tasks[0].due_at or FRIDAY) + timedelta(seconds=2)


def test_silence_is_consent_where_the_step_says_so() -> None:
    case = consulted()
    change = escalation.fire_deadlines(case, rules(when_time_is_over(case, "consult")))
    assert change is not None
    asked = asked_by(change.case, "consult")
    assert (len(asked.unanswered_tasks), asked.closed_by) == (2, "rule")
    assert {task.outcome for task in asked.unanswered_tasks} == {"deemed_agreed"}
    assert [told.type for told in change.updates].count("subquery.closed.v1") == 1


def test_silence_lets_the_lead_decide_where_the_step_says_so(case_with_answers: Case) -> None:
    change = escalation.fire_deadlines(
        case_with_answers, rules(when_time_is_over(case_with_answers, "archive-check"))
    )
    assert change is not None
    lead = task_of(case_with_answers, "archive-check").office
    questions = {task.id for task in asked_by(case_with_answers).open_tasks}
    told = {
        (alarm.office, alarm.to.value)
        for alarm in change.case.alarms
        if alarm.about in questions and alarm.level.value == "breach"
    }
    assert (told, asked_by(change.case).unanswered_tasks) == ({(lead, "holder")}, ())


def test_silence_goes_up_where_nothing_else_is_said() -> None:
    case = under_way("judicial-record-1")
    case = asked_all(after(case, "intake"), "search", ["COURT"]).case
    change = escalation.fire_deadlines(case, rules(when_time_is_over(case, "search") + timedelta(days=3)))
    assert change is not None
    question = asked_by(case, "search").open_tasks[0].id
    assert "city" in {alarm.to.value for alarm in change.case.alarms if alarm.about == question}
