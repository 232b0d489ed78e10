"""A task moves within its agency by its head, or anew by an operator, who never decides anything."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.acts.reassignment import ReassignMode, reassign_task
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, TaskAct, TaskReply, TaskState
from services.routing.outbound.case_events import dispatch_event, update_event
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from shared.events import case as wire
from tests.builders.routing import FRIDAY, OPERATOR, after, resending, rules, task_of, under_way
from tests.builders.routing_asks import land_transfer, on

HERE, SISTER, ELSEWHERE = "WARD-JUS.00070", "WARD-JUS.00145", "WARD.00070"
HEAD = Actor(kind="officer", id="truong", office=HERE, role="leader")
LATER = on(3, 9)


def reassign(
    case: Case, way: ReassignMode, to: str, *, by: Actor = OPERATOR, reason: str = "quá tải"
) -> object:
    return reassign_task(case, resending(case, "check", to, actor=by, reason=reason, way=way), rules(LATER))


def change_of(found: object) -> CaseChange:
    assert isinstance(found, CaseChange), found
    return found


def code_of(found: object) -> str:
    assert isinstance(found, Refused), found
    return found.code


def test_the_head_hands_a_task_on_within_the_agency_and_no_time_is_gained() -> None:
    before = under_way()
    case = change_of(reassign(before, ReassignMode.REASSIGN, SISTER, by=HEAD)).case
    old, new = task_of(before, "check"), task_of(case, "check")
    assert (new.office, new.state, new.due_at) == (SISTER, TaskState.QUEUED, old.due_at)
    closed = case.task(old.id)
    assert closed is not None
    assert (closed.state, closed.moved_to) == (TaskState.CLOSED, SISTER)


def test_only_the_head_of_the_office_that_has_it_may() -> None:
    case = under_way()
    others = (
        OPERATOR,
        replace(HEAD, role="specialist"),
        replace(HEAD, office=SISTER),
        Actor(kind="party", party="civil-status"),
    )
    for actor in others:
        assert code_of(reassign(case, ReassignMode.REASSIGN, SISTER, by=actor)) == "only_the_head_reassigns"


def test_another_agencys_office_and_its_own_are_no_destination_of_a_head() -> None:
    case = under_way()
    assert code_of(reassign(case, ReassignMode.REASSIGN, ELSEWHERE, by=HEAD)) == "another_agency"
    assert code_of(reassign(case, ReassignMode.REASSIGN, HERE, by=HEAD)) == "already_there"


def test_an_operator_queues_work_that_is_stuck_anew_at_the_same_office_without_more_time() -> None:
    before = after(under_way(), "check", act=TaskAct.START)
    case = change_of(reassign(before, ReassignMode.REQUEUE, HERE)).case
    old, new = task_of(before, "check"), task_of(case, "check")
    assert new.id != old.id
    assert (new.office, new.state, new.started_at, new.due_at) == (HERE, TaskState.QUEUED, None, old.due_at)


def test_an_operator_may_queue_it_at_another_agency_which_gets_its_own_time() -> None:
    case = change_of(reassign(under_way(), ReassignMode.REQUEUE, ELSEWHERE)).case
    assert (task_of(case, "check").office, task_of(case, "check").queued_at) == (ELSEWHERE, LATER)


def test_nobody_else_queues_anew() -> None:
    assert code_of(reassign(under_way(), ReassignMode.REQUEUE, HERE, by=HEAD)) == "only_an_operator"


@pytest.mark.parametrize("act", [*TaskAct, *OfficeRequest])
def test_an_operator_can_never_decide_what_was_just_queued_anew(act: TaskAct | OfficeRequest) -> None:
    case = change_of(reassign(under_way(), ReassignMode.REQUEUE, HERE)).case
    task = task_of(case, "check")
    for office in (HERE, "PASC"):
        said = TaskReply(
            task.id, act, office, replace(OPERATOR, office=office), FACTS[act], str(uuid4()), reason="x"
        )
        assert code_of(apply_office_reply(case, said, rules(LATER))) == "operator_never_decides"


def test_told_twice_changes_nothing_and_elsewhere_is_refused() -> None:
    before = under_way()
    case = change_of(reassign(before, ReassignMode.REASSIGN, SISTER, by=HEAD)).case
    again = resending(before, "check", SISTER, actor=HEAD, way=ReassignMode.REASSIGN)
    other = resending(before, "check", "WARD-JUS.09556", actor=HEAD, way=ReassignMode.REASSIGN)
    assert reassign_task(case, again, rules(LATER)) == NoEffect("already_applied")
    assert code_of(reassign_task(case, other, rules(LATER))) == "already_resent"


def test_what_nobody_has_in_hands_does_not_move() -> None:
    given_back = after(under_way(), "check", act=TaskAct.DECLINE)
    assert code_of(reassign(given_back, ReassignMode.REQUEUE, HERE)) == "already_declined"
    assert code_of(reassign(after(under_way(), "check"), ReassignMode.REQUEUE, HERE)) == "task_already_done"
    sign = resending(under_way(), "sign", HERE, way=ReassignMode.REQUEUE)
    assert code_of(reassign_task(under_way(), sign, rules(LATER))) == "unknown_task"
    case = under_way()
    waiting = resending(case, "sign", ELSEWHERE, way=ReassignMode.REQUEUE)
    assert code_of(reassign_task(case, waiting, rules(LATER))) == "not_yet_queued"


def test_a_reason_is_needed() -> None:
    assert code_of(reassign(under_way(), ReassignMode.REQUEUE, HERE, reason=" ")) == "reason_missing"


def test_the_city_hears_from_where_to_where_and_by_whom_and_both_parties_what_they_must_do() -> None:
    before = land_transfer()
    task = task_of(before, "check")
    head = Actor(kind="officer", id="truong", office=task.office, role="leader")
    said = resending(before, "check", "LRO.019", actor=head, way=ReassignMode.REASSIGN)
    change = change_of(reassign_task(before, said, rules(on(2, 13))))
    told = update_event(change.updates[0])
    assert told.type == "task.reassigned.v1"
    assert isinstance(told.data, wire.TaskReassigned)
    said_of_it = told.data.reassigned
    assert (said_of_it.task_id, said_of_it.from_office) == (task.id, task.office)
    assert (said_of_it.to_office, said_of_it.by) == ("LRO.019", "leader")
    handed = [dispatch_event(sent, change.updates[0], rules()) for sent in change.dispatches]
    assert [one.type for one in handed if one] == [agency.CLOSED, agency.QUEUED]
    closed = next(one.data for one in handed if one and one.type == agency.CLOSED)
    assert isinstance(closed, agency.TaskClosed)
    assert (closed.task_id, closed.why) == (task.id, "reassigned")


def test_the_move_stays_after_a_due_date_that_is_past() -> None:
    before = under_way()
    late = on(4, 10)
    said = resending(before, "check", HERE, way=ReassignMode.REQUEUE)
    fresh = task_of(change_of(reassign_task(before, said, rules(late))).case, "check")
    assert fresh.due_at is not None
    assert fresh.due_at > late
    assert late > FRIDAY
