"""When the last step is done, so is the dossier."""

from datetime import datetime

from services.routing.domain.case import Case, Cause, Change, Told
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from services.routing.domain.task import TaskState
from services.routing.domain.values import replace
from shared.errors import Refused
from shared.events.case import COMPLETED, STATUTORY
from shared.worktime import Event
from shared.worktime import Fact as ClockFact

ANSWERED = "answered"


def settle(change: Change, cause: Cause, at: datetime) -> Change | Refused:
    """The change, with the dossier's own end where it was the last one missing.

    A result goes out with the apology that is owed, not before it. The clock ends here: the date in force
    stays, and so does its explanation.
    """
    case = change.case
    if any(task.state is not TaskState.DONE for task in case.work):
        return change
    standing = move(case.standing, Fact.COMPLETED)
    if isinstance(standing, Refused):
        return standing
    if case.waits_for_a_letter:
        return change
    ended = replace(
        case.at(standing),
        completed_at=at,
        outcome=outcome_of(case),
        ledger=(*case.ledger, Event(ClockFact.COMPLETED, at)),
        stop_asked=None,
    )
    return Change(ended, (*change.told, Told(COMPLETED, ended, cause, at)), change.sent)


def outcome_of(case: Case) -> str:
    """Granted, unless one of the steps that nothing follows said no: the last office's word decides.

    A case of another kind is neither: it is answered.
    """
    if case.kind != STATUTORY:
        return ANSWERED
    followed = {name for task in case.work for name in task.after}
    last = [task for task in case.work if task.step not in followed]
    return "denied" if any(task.outcome == "denied" for task in last) else "granted"
