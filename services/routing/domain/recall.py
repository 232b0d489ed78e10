"""A result taken back before it is handed over: its step is done again, the clock goes on."""

from datetime import datetime

from services.routing.domain import plan
from services.routing.domain.case import Case, Change, newly_sent
from services.routing.domain.clock import recorded
from services.routing.domain.judged import cause_of, changed
from services.routing.domain.outside import levelled
from services.routing.domain.refusals import reason_missing, task_closed
from services.routing.domain.refusals_of_queries import query_closed
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from services.routing.domain.task import Nothing, Said, Task, TaskState
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import Event
from shared.worktime import Fact as ClockFact


def recall(
    case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime
) -> Change | Nothing | Refused:
    """The defect is named, and the office that found it gets its step anew: the one that did it."""
    if task.state is TaskState.CLOSED and case.ledger and case.ledger[-1].fact is ClockFact.RECALLED:
        return Nothing("told_twice")
    standing = move(case.standing, Fact.RECALLED)
    if isinstance(standing, Refused):
        return standing
    if task.state is not TaskState.DONE:
        return task_closed()
    if task.is_question:
        return query_closed()
    if not (said.reason or "").strip():
        return reason_missing()
    reopened = replace(_with_its_end(case).at(standing), completed_at=None, outcome=None)
    running = recorded(reopened, Event(ClockFact.RECALLED, at), catalogue, at)
    again = levelled(_again(running, task, catalogue, at), catalogue, at)
    return changed(again, cause_of(said), at, task=task, reason=said.reason, sent=newly_sent(case, again))


def _with_its_end(case: Case) -> Case:
    """A case completed before its facts were kept has its end beside them."""
    if case.completed_at is None or (case.ledger and case.ledger[-1].fact is ClockFact.COMPLETED):
        return case
    return replace(case, ledger=(*case.ledger, Event(ClockFact.COMPLETED, case.completed_at)))


def _again(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> Case:
    closed = replace(task, state=TaskState.CLOSED, done_at=None)
    fresh = replace(
        task, id=plan.task_id(case, task.step), started_at=None, done_at=None, outcome=None, reason=None
    )
    given = plan.queued(fresh, case.current_due_at, catalogue, at)
    return case.sent_on(closed, given)
