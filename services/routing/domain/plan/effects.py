"""What every judged fact leaves behind: the case after it, told once, or the reason why not, told as well."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, TaskDispatch
from services.routing.domain.case.open_request import CitizenRequest, RequestKind
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import Task, TaskReply
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import release_excluded_pause, sync_pause
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.case import DECLINED, UPDATED
from shared.worktime import ClockEvent, ClockEventType


def applied(
    case: Case,
    cause: Cause,
    at: datetime,
    *,
    task: Task | None = None,
    reason: str | None = None,
    sent: tuple[TaskDispatch, ...] = (),
) -> CaseChange:
    """This fact had its effect."""
    return CaseChange(case, (CaseUpdate(UPDATED, case, cause, at, task, reason),), sent)


def declined_request(case: Case, why: Refused, cause: Cause, at: datetime) -> CaseChange:
    """This request came too late or against a rule: the case stays, and the city hears why."""
    return CaseChange(case, (CaseUpdate(DECLINED, case, cause, at, reason=why.code, declined=why),))


OPENS = {
    RequestKind.SUPPLEMENT: ClockEventType.SUPPLEMENT_REQUESTED,
    RequestKind.PAYMENT: ClockEventType.PAYMENT_REQUESTED,
}


def pause_clock(
    case: Case, standing: ProcessPosition, request: CitizenRequest, catalogue: Catalogue, at: datetime
) -> Case:
    """The case with its clock standing for its citizen; what was to be stopped is not any more."""
    owed = replace(release_excluded_pause(case, at).with_position(standing), request=request, stop_asked=None)
    return with_clock_event(owed, ClockEvent(OPENS[request.kind], at), catalogue, at)


def resume_clock(
    case: Case, standing: ProcessPosition, event: ClockEvent, catalogue: Catalogue, at: datetime
) -> Case:
    """The case with its clock running again: nothing is owed, open tasks get what is left of their time.

    A stop that was written because the citizen was silent has lost its reason.
    """
    answered = replace(case.with_position(standing), request=None, stop_asked=None)
    running = with_clock_event(answered, event, catalogue, at)
    return sync_pause(recompute_task_deadlines(running, catalogue, at), catalogue, at)


def reply_cause(said: TaskReply) -> Cause:
    """An office's word as what led to a change."""
    return Cause(said.because, said.because_id, said.actor, said.stated_at)
