"""A result taken back before it is handed over: its step is done again, the clock goes on."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, task_dispatches
from services.routing.domain.case.position import StateEvent
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, Task, TaskReply, TaskState
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import plan
from services.routing.domain.plan.effects import applied, reply_cause
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def recall_result(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The defect is named, and the office that found it gets its step anew: the one that did it."""
    if task.state is TaskState.CLOSED and case.ledger and case.ledger[-1].fact is ClockFact.RECALLED:
        return NoEffect("told_twice")
    standing = next_position(case.position, StateEvent.RECALLED)
    if isinstance(standing, Refused):
        return standing
    if task.state is not TaskState.DONE:
        return refuse("task_closed")
    if task.is_question:
        return refuse("query_closed")
    if not (said.reason or "").strip():
        return refuse("reason_missing")
    reopened = replace(_with_its_end(case).with_position(standing), completed_at=None, outcome=None)
    running = with_clock_event(reopened, ClockEvent(ClockFact.RECALLED, at), catalogue, at)
    again = sync_pause(_again(running, task, catalogue, at), catalogue, at)
    return applied(
        again, reply_cause(said), at, task=task, reason=said.reason, sent=task_dispatches(case, again)
    )


def _with_its_end(case: Case) -> Case:
    """A case completed before its facts were kept has its end beside them."""
    if case.completed_at is None or (case.ledger and case.ledger[-1].fact is ClockFact.COMPLETED):
        return case
    return replace(case, ledger=(*case.ledger, ClockEvent(ClockFact.COMPLETED, case.completed_at)))


def _again(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> Case:
    closed = replace(task, state=TaskState.CLOSED, done_at=None)
    fresh = replace(
        task, id=plan.next_task_id(case, task.step), started_at=None, done_at=None, outcome=None, reason=None
    )
    given = plan.queue_task(fresh, case.current_due_at, catalogue, at)
    return case.with_reassigned_task(closed, given)
