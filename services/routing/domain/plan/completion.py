"""Completion of a dossier, once its last step is done."""

from dataclasses import replace

from services.routing.domain.case.case import CaseChange, CaseUpdate, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import TaskState
from services.routing.domain.plan.outcomes import case_outcome
from shared.errors import Refused
from shared.events.case import COMPLETED
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def complete_if_finished(change: CaseChange, cause: Cause, rules: Rules) -> CaseChange | Refused:
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
        case.with_position(position).with_event(ClockEvent(ClockFact.COMPLETED, rules.now)),
        completed_at=rules.now,
        outcome=case_outcome(case, rules),
        stop_asked=None,
    )
    return change.with_update(CaseUpdate(COMPLETED, completed_case, cause=cause, at=rules.now))
