"""Recall of a result before it is handed over: its step is done again, and the clock resumes."""

from dataclasses import replace

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply, TaskState
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import outcomes, plan
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.words import refuse
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def recall_result(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Reopen the case and queue the step again at the office that did it. The reason names the defect."""
    if task.state is TaskState.CLOSED and case.ledger and case.ledger[-1].fact is ClockFact.RECALLED:
        return NoEffect("already_applied")
    position = next_position(case.position, StateEvent.RECALLED)
    if isinstance(position, Refused):
        return position
    if task.state is not TaskState.DONE:
        return refuse("task_closed")
    if not task.is_plan_step:
        return refuse("query_closed")
    if not (reply.reason or "").strip():
        return refuse("reason_missing")
    reopened_case = replace(
        _with_completion_event(case).with_position(position), completed_at=None, outcome=None
    )
    running_case = with_clock_event(reopened_case, ClockEvent(ClockFact.RECALLED, rules.now), rules)
    recalled_case = _requeue_task(running_case, task, rules)
    if outcomes.is_final_denial(case, task, rules):
        recalled_case = outcomes.bring_back_the_rest(recalled_case, rules)
    requeued_case = sync_pause(recalled_case, rules)
    return build_change(
        requeued_case,
        reply_cause(reply),
        rules.now,
        task=task,
        reason=reply.reason,
        before=case,
    )


def _has_result(case: Case, task: Task, _actor: Actor) -> bool:
    return task.state is TaskState.DONE and case.child_id is None


def _with_completion_event(case: Case) -> Case:
    """Add the completion to the ledger of a case that was completed before ledgers were stored."""
    if case.completed_at is None or (case.ledger and case.ledger[-1].fact is ClockFact.COMPLETED):
        return case
    return case.with_event(ClockEvent(ClockFact.COMPLETED, case.completed_at))


def _requeue_task(case: Case, task: Task, rules: Rules) -> Case:
    closed_task = replace(task, state=TaskState.CLOSED, done_at=None)
    new_task = replace(
        task, id=plan.next_task_id(case, task.step), started_at=None, done_at=None, outcome=None, reason=None
    )
    queued_task = plan.queue_task(new_task, case.current_due_at, rules)
    return case.with_task(closed_task).with_new_tasks(queued_task)


ACTS = (
    OfficeAct(
        request=OfficeRequest.RECALL,
        event_type=agency.RECALL_ASKED,
        rule=recall_result,
        moves=StateEvent.RECALLED,
        is_offered=_has_result,
        at_any_time=True,
    ),
)
