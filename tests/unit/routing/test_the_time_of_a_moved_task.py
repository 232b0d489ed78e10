"""A step handed on within its agency, or queued anew, goes on counting: no later act gives its time again."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.routing.domain.acts import supplement
from services.routing.domain.acts.reassignment import ReassignMode, reassign_task
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import OfficeRequest, Task, TaskAct, TaskState
from services.routing.domain.plan.recompute_dates import recompute_dates
from shared.actor import Actor
from shared.events import dossier
from tests.builders.routing import FRIDAY, OPERATOR, after, resending, rules, task_of, under_way
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, land_transfer, on, papers

SISTER, ELSEWHERE = "LRO.019", "TAX.002"
MOVED_ON, ASKED_ON, ANSWERED_ON = on(2, 13, 9), on(2, 13, 14), on(2, 23)


def reassign(
    case: Case, way: ReassignMode, office: str | None = None, at: datetime = MOVED_ON, step: str = "check"
) -> Case:
    """By the head to a sister office, or by an operator; at the same office where none is named."""
    task = task_of(case, step)
    head = Actor(kind="officer", id="truong", office=task.office, role="leader")
    said = resending(
        case, step, office or task.office, actor=head if way is ReassignMode.REASSIGN else OPERATOR, way=way
    )
    found = reassign_task(case, said, rules(at))
    assert isinstance(found, CaseChange), found
    return found.case


def waited(case: Case) -> Task:
    """The step, once its office asked for papers and they came."""
    return answered(owing(case))


def given_back(case: Case) -> Case:
    return after(case, "check", act=TaskAct.DECLINE)


MOVES = {
    "handed on by its head": lambda case: reassign(case, ReassignMode.REASSIGN, SISTER),
    "queued anew by an operator": lambda case: reassign(case, ReassignMode.REQUEUE),
    "given back and sent to where it was": lambda case: reassign(given_back(case), ReassignMode.REROUTE),
    "handed on twice": lambda case: reassign(
        reassign(case, ReassignMode.REASSIGN, SISTER), ReassignMode.REQUEUE, at=on(2, 13, 11)
    ),
}


@pytest.mark.parametrize("how", MOVES)
def test_a_pause_gives_a_moved_step_no_more_time_than_one_that_stayed(how: str) -> None:
    case = land_transfer()
    stayed, went = waited(case), waited(MOVES[how](case))
    assert went.id != stayed.id
    assert went.due_at == stayed.due_at


@pytest.mark.parametrize("how", MOVES)
def test_nor_does_a_count_by_a_new_calendar(how: str) -> None:
    case = MOVES[how](land_transfer())
    counted = recompute_dates(case, cause("calendar.version_published.v1"), rules(ASKED_ON))
    assert counted is not None
    assert task_of(counted.case, "check").due_at == task_of(case, "check").due_at


def test_a_step_sent_to_another_agency_has_its_own_time_and_keeps_it_over_a_pause() -> None:
    case = land_transfer()
    there = task_of(reassign(given_back(case), ReassignMode.REROUTE, ELSEWHERE), "check")
    here = task_of(case, "check")
    assert (there.budget_from, here.budget_from) == (MOVED_ON, here.queued_at)


def test_what_was_due_already_starts_again_where_it_lies() -> None:
    at = on(4, 10)
    late = task_of(reassign(land_transfer(), ReassignMode.REQUEUE, at=at), "check")
    assert late.budget_from == at


def test_a_step_done_again_after_a_recall_has_a_time_of_its_own() -> None:
    signing = reassign(after(under_way(), "check"), ReassignMode.REQUEUE, at=on(3, 9), step="sign")
    sign, recalled_on = task_of(signing, "sign"), on(3, 10)
    assert sign.budget_from == FRIDAY
    done_with = after(signing, "sign")
    wrong = act_by_office(
        done_with,
        OfficeRequest.RECALL,
        recalled_on,
        task=task_of(done_with, "sign"),
        reason="sai họ tên",
        step="sign",
    )
    assert task_of(case_after(wrong), "sign").budget_from == recalled_on


def owing(case: Case, at: datetime = ASKED_ON) -> Case:
    return case_after(
        act_by_office(case, OfficeRequest.SUPPLEMENT, at, wants=replace(papers(), answer_by=on(4, 1)))
    )


def answered(case: Case, at: datetime = ANSWERED_ON) -> Task:
    """The step, once the papers came."""
    found = supplement.record_supplement(case, at, cause(dossier.SUPPLEMENTED), rules(at))
    return task_of(case_after(found), "check")


def test_a_step_handed_on_while_the_citizen_is_waited_for_was_not_due_meanwhile() -> None:
    """Its date stands in the pause: whatever the wall calendar says, it goes on counting."""
    case = land_transfer()
    due, came = task_of(case, "check").due_at, on(3, 4)
    assert due is not None
    assert due < on(3, 2)
    went = reassign(owing(case), ReassignMode.REQUEUE, at=on(3, 2))
    assert answered(went, came).due_at == answered(owing(case), came).due_at


def test_a_step_sent_elsewhere_in_a_pause_is_due_no_later_than_its_dossier_would_be() -> None:
    """What the office is told then is not taken back by the citizen's answer."""
    nearly_over, came = owing(land_transfer(), on(3, 3, 9)), on(3, 9)
    sent = reassign(nearly_over, ReassignMode.REQUEUE, ELSEWHERE, at=came)
    told = task_of(sent, "check").due_at
    assert told == answered(sent, came).due_at == on(3, 9, 17)


def test_a_step_that_was_given_back_waits_for_the_citizen_too() -> None:
    case = land_transfer()
    assert answered(given_back(owing(case))).due_at == waited(case).due_at


def test_only_the_office_that_did_a_step_recalls_its_result_not_the_one_it_was_taken_from() -> None:
    first = reassign(under_way(), ReassignMode.REQUEUE, at=on(3, 9))
    taken = next(one for one in first.tasks if one.step == "check" and one.state is TaskState.CLOSED)
    ended = after(first, "check", "sign")
    refused = act_by_office(ended, OfficeRequest.RECALL, on(3, 10), task=taken, reason="sai họ tên")
    assert code_of(refused) == "task_closed"
