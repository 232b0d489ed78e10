"""Completion of a dossier, once its last step is done."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import TaskState
from shared.errors import Refused
from shared.events.case import COMPLETED, STATUTORY
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact

ANSWERED = "answered"


def complete_if_finished(change: CaseChange, cause: Cause, at: datetime) -> CaseChange | Refused:
    """Return the change, with the case completed if no step is missing.

    A result does not go out before an apology that is owed. The clock ends; due date and explanation stay.
    """
    case = change.case
    if any(task.state is not TaskState.DONE for task in case.step_tasks):
        return change
    position = next_position(case.position, StateEvent.COMPLETED)
    if isinstance(position, Refused):
        return position
    if case.awaits_apology:
        return change
    completed_case = replace(
        case.with_position(position).with_event(ClockEvent(ClockFact.COMPLETED, at)),
        completed_at=at,
        outcome=case_outcome(case),
        stop_asked=None,
    )
    return change.with_update(CaseUpdate(COMPLETED, completed_case, cause=cause, at=at))


def case_outcome(case: Case) -> str:
    """`denied` if a step that no other step follows was denied, else `granted`.

    A case that is no dossier of a procedure is `answered`.
    """
    if case.kind != STATUTORY:
        return ANSWERED
    preceding_steps = {name for task in case.step_tasks for name in task.after}
    last_tasks = [task for task in case.step_tasks if task.step not in preceding_steps]
    if any(task.outcome == "denied" for task in last_tasks):
        return "denied"
    return "granted"
