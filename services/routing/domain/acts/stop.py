"""Stopping a dossier (form 05): one officer writes it, another confirms; a withdrawal needs only one."""

from dataclasses import replace

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.pending_stop import PendingStop
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply, close_task
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.words import refuse
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from shared.events.dossier import WITHDRAWN
from shared.states import State, StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def request_stop(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Stop a withdrawn dossier at once; else record a stop that a second officer must confirm."""
    position = next_position(case.position, StateEvent.STOPPED)
    if isinstance(position, Refused):
        return position
    if case.state is State.WITHDRAWAL_REQUESTED:
        return _stop(case.with_position(position), reply, reason=WITHDRAWN, rules=rules, before=case)
    reason = (reply.reason or "").strip()
    if not reason:
        return refuse("reason_missing")
    if case.stop_asked is not None:
        if (case.stop_asked.reason, case.stop_asked.office) == (reason, task.office):
            return NoEffect("already_applied")
        return refuse("stop_already_asked")
    changed_case = replace(case, stop_asked=PendingStop(task.office, _actor_name(reply), reason, rules.now))
    return build_change(changed_case, reply_cause(reply), rules.now, task=task, reason=reason)


def confirm_stop(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Confirm a stop, as another officer of the office that wrote it."""
    if case.state is State.STOPPED:
        return NoEffect("already_applied")
    pending = case.stop_asked
    if pending is None:
        return refuse("no_stop_to_confirm")
    if reply.actor.kind != "officer" or pending.office != task.office or _actor_name(reply) == pending.by:
        return refuse("second_person_needed")
    position = next_position(case.position, StateEvent.STOPPED)
    if isinstance(position, Refused):
        return position
    return _stop(case.with_position(position), reply, reason=pending.reason, rules=rules, before=case)


def _stop(case: Case, reply: TaskReply, reason: str, rules: Rules, *, before: Case) -> CaseChange:
    """End the case and close its tasks. In a pause the clock ends at the request."""
    ended_case = replace(
        case.with_each_task(close_task),
        request=None,
        stop_asked=None,
        unplaced=None,
        completed_at=rules.now,
    )
    stopped_case = with_clock_event(ended_case, ClockEvent(ClockFact.STOPPED, rules.now), rules)
    return build_change(
        stopped_case,
        reply_cause(reply),
        rules.now,
        task=stopped_case.task(reply.task_id),
        reason=reason,
        before=before,
    )


def _is_unwritten(case: Case, _task: Task, _actor: Actor) -> bool:
    return case.stop_asked is None


def _is_second_person(case: Case, task: Task, actor: Actor) -> bool:
    stop = case.stop_asked
    return stop is not None and stop.office == task.office and stop.by != actor.id


def _actor_name(reply: TaskReply) -> str:
    return reply.actor.id or reply.actor.party or reply.actor.kind


ACTS = (
    OfficeAct(
        request=OfficeRequest.STOP,
        event_type=agency.STOP_ASKED,
        rule=request_stop,
        moves=StateEvent.STOPPED,
        is_offered=_is_unwritten,
        at_counter=True,
        on_apology=True,
    ),
    OfficeAct(
        request=OfficeRequest.CONFIRMED_STOP,
        event_type="dossier.stopped.v1",
        rule=confirm_stop,
        moves=StateEvent.STOPPED,
        is_offered=_is_second_person,
        at_any_time=True,
        at_counter=True,
        on_apology=True,
    ),
)
