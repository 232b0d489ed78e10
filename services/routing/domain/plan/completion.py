"""When the last step is done, so is the dossier."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause
from services.routing.domain.case.position import StateEvent
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import TaskState
from shared.errors import Refused
from shared.events.case import COMPLETED, STATUTORY
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact

ANSWERED = "answered"


def complete_if_finished(change: CaseChange, cause: Cause, at: datetime) -> CaseChange | Refused:
    """The change, with the dossier's own end where it was the last one missing.

    A result goes out with the apology that is owed, not before it. The clock ends here: the date in force
    stays, and so does its explanation.
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
        case.with_position(position),
        completed_at=at,
        outcome=case_outcome(case),
        ledger=(*case.ledger, ClockEvent(ClockFact.COMPLETED, at)),
        stop_asked=None,
    )
    return CaseChange(
        completed_case, (*change.updates, CaseUpdate(COMPLETED, completed_case, cause, at)), change.dispatches
    )


def case_outcome(case: Case) -> str:
    """Granted, unless one of the steps that nothing follows said no: the last office's word decides.

    A case of another kind is neither: it is answered.
    """
    if case.kind != STATUTORY:
        return ANSWERED
    preceding_steps = {name for task in case.step_tasks for name in task.after}
    last_tasks = [task for task in case.step_tasks if task.step not in preceding_steps]
    return "denied" if any(task.outcome == "denied" for task in last_tasks) else "granted"
