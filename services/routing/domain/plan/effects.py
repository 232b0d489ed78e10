"""Changes that rules have in common: an update, a declined request, pausing and resuming the clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, change_since
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskReply
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import release_excluded_pause, sync_pause
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from shared.errors import Refused
from shared.events.case import DECLINED, UPDATED, CitizenRequest, RequestKind
from shared.worktime import ClockEvent, ClockEventType


def build_change(
    case: Case,
    cause: Cause,
    at: datetime,
    *,
    task: Task | None = None,
    reason: str | None = None,
    before: Case | None = None,
) -> CaseChange:
    """Build a change with one `case.updated` record. `before`: the case before it, if tasks go to offices."""
    update = CaseUpdate(UPDATED, case, cause=cause, at=at, task=task, reason=reason)
    if before is None:
        return CaseChange(case, (update,))
    return change_since(before, update)


def decline_request(case: Case, refusal: Refused, cause: Cause, at: datetime) -> CaseChange:
    """Build a change that reports why a request of the citizen had no effect."""
    return CaseChange(case, (CaseUpdate(DECLINED, case, cause, at, reason=refusal.code, refusal=refusal),))


PAUSE_EVENTS: Mapping[str, ClockEventType] = {
    RequestKind.SUPPLEMENT: ClockEventType.SUPPLEMENT_REQUESTED,
    RequestKind.PAYMENT: ClockEventType.PAYMENT_REQUESTED,
}


def pause_clock(case: Case, position: ProcessPosition, request: CitizenRequest, rules: Rules) -> Case:
    """Return the case waiting for its citizen, with its clock paused. It drops an unconfirmed stop."""
    waiting_case = replace(
        release_excluded_pause(case, rules.now).with_position(position), request=request, stop_asked=None
    )
    return with_clock_event(waiting_case, ClockEvent(PAUSE_EVENTS[request.kind], rules.now), rules)


def resume_clock(case: Case, position: ProcessPosition, event: ClockEvent, rules: Rules) -> Case:
    """Return the case with its clock running again and open tasks dated by what is left of their budgets.

    It drops an unconfirmed stop: the citizen is no longer silent.
    """
    answered_case = replace(case.with_position(position), request=None, stop_asked=None)
    running_case = with_clock_event(answered_case, event, rules)
    return sync_pause(recompute_task_deadlines(running_case, rules), rules)


def reply_cause(reply: TaskReply) -> Cause:
    """The cause of a change that an office's act made."""
    return Cause(reply.cause, reply.cause_id, reply.actor, reply.stated_at)
