"""Stopping a dossier (form 05): one person writes it, another confirms. Who withdraws is the first."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, task_dispatches
from services.routing.domain.case.open_request import PendingStop
from services.routing.domain.case.position import State, StateEvent
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, Task, TaskReply, TaskState
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.plan.effects import applied, reply_cause
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.dossier import WITHDRAWN
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def request_stop(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """What the citizen asked for stops at once; anything else waits for a second person."""
    standing = next_position(case.position, StateEvent.STOPPED)
    if isinstance(standing, Refused):
        return standing
    if case.state is State.WITHDRAWAL_REQUESTED:
        return _stopped(case.with_position(standing), said, WITHDRAWN, catalogue, at, was=case)
    reason = (said.reason or "").strip()
    if not reason:
        return refuse("reason_missing")
    if case.stop_asked is not None:
        same = (case.stop_asked.reason, case.stop_asked.office) == (reason, task.office)
        return NoEffect("told_twice") if same else refuse("stop_already_asked")
    asked = replace(case, stop_asked=PendingStop(task.office, _name(said), reason, at))
    return applied(asked, reply_cause(said), at, task=task, reason=reason)


def confirm_stop(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """An officer of the same office, and not the one who wrote it."""
    if case.state is State.STOPPED:
        return NoEffect("told_twice")
    asked = case.stop_asked
    if asked is None:
        return refuse("no_stop_to_confirm")
    if said.actor.kind != "officer" or asked.office != task.office or _name(said) == asked.by:
        return refuse("second_person_needed")
    standing = next_position(case.position, StateEvent.STOPPED)
    if isinstance(standing, Refused):
        return standing
    return _stopped(case.with_position(standing), said, asked.reason, catalogue, at, was=case)


def _stopped(
    case: Case, said: TaskReply, reason: str, catalogue: Catalogue, at: datetime, *, was: Case
) -> CaseChange:
    """Nobody has anything left to do; a stop in a pause counts from the request."""
    ended = replace(
        case,
        request=None,
        stop_asked=None,
        unplaced=None,
        completed_at=at,
        tasks=tuple(_closed(one) for one in case.tasks),
    )
    stopped = with_clock_event(ended, ClockEvent(ClockFact.STOPPED, at), catalogue, at)
    about, sent = stopped.task(said.task_id), task_dispatches(was, stopped)
    return applied(stopped, reply_cause(said), at, task=about, reason=reason, sent=sent)


def _closed(task: Task) -> Task:
    return task if task.state is TaskState.DONE else replace(task, state=TaskState.CLOSED)


def _name(said: TaskReply) -> str:
    return said.actor.id or said.actor.party or said.actor.kind
