"""Papers asked for during processing (form 02), all defects in one request, and the citizen's answer."""

from datetime import datetime

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.open_request import CitizenRequest, RequestKind
from services.routing.domain.case.position import Stage, StateEvent
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, Task, TaskReply
from services.routing.domain.clock.case_clock import supplement_count
from services.routing.domain.plan.effects import applied, pause_clock, reply_cause, resume_clock
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def request_supplement(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The clock pauses from the request. A second one counts as late: it needs a basis and the head."""
    before = case.request
    if before and before.kind is RequestKind.SUPPLEMENT:
        same = (before.items, before.office) == (said.wants.items, task.office)
        return NoEffect("told_twice") if same else refuse("all_defects_in_one_request")
    standing = next_position(case.position, StateEvent.SUPPLEMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    nth = supplement_count(case) + 1
    request = _request(task, said, nth, at)
    if isinstance(request, Refused):
        return request
    paused = pause_clock(replace(case, second_supplement=nth > 1), standing, request, catalogue, at)
    return applied(paused, reply_cause(said), at, task=task, reason=said.wants.basis)


def record_supplement(
    case: Case, answered_at: datetime, cause: Cause, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """The clock resumes at the citizen's act, not when an officer opens it."""
    standing = next_position(case.position, StateEvent.SUPPLEMENTED)
    if isinstance(standing, Refused):
        return standing
    if case.stage is Stage.INTAKE:
        return intake_events.record_supplement(case, answered_at, cause, catalogue, at)
    if case.request is None:
        return applied(case.with_position(standing), cause, at)
    event = ClockEvent(ClockFact.SUPPLEMENTED, effective_answer_time(answered_at, case.request.asked_at, at))
    return applied(resume_clock(case, standing, event, catalogue, at), cause, at)


def effective_answer_time(act: datetime, asked_at: datetime, at: datetime) -> datetime:
    """When an answer counts as given: not before it was asked for, and not after now."""
    return max(asked_at, min(act, at))


def _request(task: Task, said: TaskReply, nth: int, at: datetime) -> CitizenRequest | Refused:
    wants = said.wants
    if not wants.items:
        return refuse("items_missing")
    if wants.answer_by is None or wants.answer_by <= at:
        return refuse("bad_answer_by")
    if nth > 1 and not (wants.basis and wants.approved_by):
        return refuse("second_supplement_counts_as_late")
    return CitizenRequest(
        kind=RequestKind.SUPPLEMENT,
        office=task.office,
        asked_at=at,
        answer_by=wants.answer_by,
        nth=nth,
        items=wants.items,
        basis=wants.basis,
        approved_by=wants.approved_by,
    )
