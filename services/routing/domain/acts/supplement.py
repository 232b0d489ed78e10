"""Requests for papers during processing (form 02), and the citizen's answer to them."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.office_act import OfficeAct, always
from services.routing.domain.case.position import Stage
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply
from services.routing.domain.clock.case_clock import supplement_count
from services.routing.domain.plan.effects import build_change, pause_clock, reply_cause, resume_clock
from services.routing.words import refuse
from shared.errors import Refused
from shared.events import agency
from shared.events.case import CitizenRequest, RequestKind
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def request_supplement(
    case: Case, task: Task, reply: TaskReply, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Request papers and pause the clock. A second request counts as late: it needs a basis and the head."""
    before = case.request
    if before and before.kind == RequestKind.SUPPLEMENT:
        if (before.items, before.office) == (reply.details.items, task.office):
            return NoEffect("already_applied")
        return refuse("all_defects_in_one_request")
    position = next_position(case.position, StateEvent.SUPPLEMENT_REQUESTED)
    if isinstance(position, Refused):
        return position
    nth = supplement_count(case) + 1
    request = _request(task, reply, nth, rules.now)
    if isinstance(request, Refused):
        return request
    paused_case = pause_clock(
        replace(case, second_supplement=nth > 1), position, request=request, rules=rules
    )
    return build_change(paused_case, reply_cause(reply), rules.now, task=task, reason=reply.details.basis)


def record_supplement(case: Case, answered_at: datetime, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Record the citizen's papers; the clock resumes from the citizen's act."""
    position = next_position(case.position, StateEvent.SUPPLEMENTED)
    if isinstance(position, Refused):
        return position
    if case.stage is Stage.INTAKE:
        return intake_events.record_supplement(case, answered_at, cause=cause, rules=rules)
    if case.request is None:
        return build_change(case.with_position(position), cause, rules.now)
    event = ClockEvent(
        ClockFact.SUPPLEMENTED, effective_answer_time(answered_at, case.request.asked_at, rules.now)
    )
    return build_change(resume_clock(case, position, event=event, rules=rules), cause, rules.now)


def effective_answer_time(act: datetime, asked_at: datetime, at: datetime) -> datetime:
    """The time that an answer counts from: not before the request, and not after `at`."""
    return max(asked_at, min(act, at))


def _request(task: Task, reply: TaskReply, nth: int, at: datetime) -> CitizenRequest | Refused:
    details = reply.details
    if not details.items:
        return refuse("items_missing")
    if details.answer_by is None or details.answer_by <= at:
        return refuse("bad_answer_by")
    if nth > 1 and not (details.basis and details.approved_by):
        return refuse("second_supplement_counts_as_late")
    return CitizenRequest(
        kind=RequestKind.SUPPLEMENT,
        office=task.office,
        asked_at=at,
        answer_by=details.answer_by,
        nth=nth,
        items=details.items,
        basis=details.basis,
        approved_by=details.approved_by,
    )


ACTS = (
    OfficeAct(
        request=OfficeRequest.SUPPLEMENT,
        event_type=agency.SUPPLEMENT_ASKED,
        rule=request_supplement,
        moves=StateEvent.SUPPLEMENT_REQUESTED,
        is_offered=always,
        of_citizen=True,
    ),
)
