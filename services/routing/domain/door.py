"""What intake says of a dossier: it came in, it was accepted, it was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.routing.domain import placing, plan
from services.routing.domain.begin import received
from services.routing.domain.case import Case, Cause, Change, Told, newly_sent
from services.routing.domain.judged import changed
from services.routing.domain.open_request import OpenRequest
from services.routing.domain.standing import Fact, State
from services.routing.domain.state import move
from services.routing.domain.task import Task, TaskState
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.clock import whole_second
from shared.errors import Refused
from shared.events.case import OPENED
from shared.worktime import add_working_hours


@dataclass(frozen=True, slots=True)
class Accepted:
    """Form 01: when, under which version, and what was promised."""

    at: datetime
    version: int
    promised_due_at: datetime | None
    explanation: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Form 03: why, by which rule. The officer's own words stay with intake."""

    at: datetime
    reason_code: str
    rule: str | None


def open_case(case: Case, answer_by: datetime, cause: Cause, catalogue: Catalogue, at: datetime) -> Change:
    """A dossier came through the door: from now on silence there is an overdue task like any other."""
    tasks = () if case.auto_accept else (plan.receive_task(case, answer_by, catalogue, at),)
    opened = replace(case, tasks=tasks)
    return Change(opened, (Told(OPENED, opened, cause, at),), newly_sent(case, opened))


def accept(case: Case, said: Accepted, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """Accepted: the work begins, unless a fee is due before it, or an office cannot be named."""
    standing = move(case.standing, Fact.ACCEPTED)
    if isinstance(standing, Refused):
        return standing
    accepted = replace(
        case.at(standing),
        version=said.version,
        accepted_at=said.at,
        promised_due_at=said.promised_due_at,
        current_due_at=said.promised_due_at,
        explanation=said.explanation,
        tasks=tuple(received(task, at, "accepted") for task in case.tasks),
    )
    return placing.place(case, accepted, cause, catalogue, at)


def refuse(case: Case, said: NotAccepted, cause: Cause, at: datetime) -> Change | Refused:
    """Not accepted: nobody has anything left to do."""
    standing = move(case.standing, Fact.REFUSED)
    if isinstance(standing, Refused):
        return standing
    refused = replace(
        case.at(standing),
        refused_reason=said.reason_code,
        refused_rule=said.rule,
        completed_at=said.at,
        tasks=tuple(received(task, at, "refused") for task in case.tasks),
    )
    return changed(refused, cause, at, sent=newly_sent(case, refused))


def ask_papers(case: Case, asked: OpenRequest, cause: Cause, at: datetime) -> Change | Refused:
    """Form 02 at the counter: the office has answered, so its own time rests until the papers come."""
    standing = move(case.standing, Fact.SUPPLEMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    owed = replace(
        case.at(standing),
        request=asked,
        supplements_at_door=asked.nth,
        second_supplement=asked.nth > 1,
        tasks=tuple(_resting(task) for task in case.tasks),
    )
    return changed(owed, cause, at)


def papers_brought(
    case: Case, answered_at: datetime, cause: Cause, catalogue: Catalogue, at: datetime
) -> Change | Refused:
    """Back at the counter, which has its whole time again from the citizen's act."""
    standing = move(case.standing, Fact.SUPPLEMENTED)
    if isinstance(standing, Refused):
        return standing
    tasks = tuple(_taken_up(case, task, answered_at, catalogue, at) for task in case.tasks)
    back = replace(case.at(standing), request=None, tasks=tasks)
    return changed(back, cause, at, sent=newly_sent(case, back))


def stop(case: Case, stopped_at: datetime, reason: str, cause: Cause, at: datetime) -> Change | Refused:
    """Form 05 before acceptance: nobody has anything left to do."""
    standing = move(case.standing, Fact.STOPPED)
    if isinstance(standing, Refused):
        return standing
    stopped = replace(
        case.at(standing),
        request=None,
        completed_at=stopped_at,
        tasks=tuple(received(task, at, "stopped") for task in case.tasks),
    )
    return changed(stopped, cause, at, reason=reason, sent=newly_sent(case, stopped))


_LEADS_TO = {
    Fact.REFUSED: State.REFUSED,
    Fact.WITHDRAWAL_REQUESTED: State.WITHDRAWAL_REQUESTED,
    Fact.RETURNED: State.RETURNED,
}


def heard_before(case: Case, fact: Fact) -> bool:
    """Whether this fact has already had its effect: told again, it has none."""
    match fact:
        case Fact.SUBMITTED:
            return True
        case Fact.ACCEPTED:
            return case.accepted_at is not None
        case Fact.REFUSED | Fact.WITHDRAWAL_REQUESTED | Fact.RETURNED:
            return case.state is _LEADS_TO[fact]
        case _:
            return False


def _resting(task: Task) -> Task:
    return replace(task, state=TaskState.WAITING) if task.is_receive and task.is_open else task


def _taken_up(case: Case, task: Task, since: datetime, catalogue: Catalogue, at: datetime) -> Task:
    if not task.is_receive or task.state is not TaskState.WAITING:
        return task
    calendar = catalogue.calendar(catalogue.office(case.receiving_office).calendar, at)
    answer_by = add_working_hours(calendar, catalogue.desk_answer_limit().amount, whole_second(since))
    again = plan.receive_task(case, answer_by, catalogue, at)
    return replace(again, id=task.id, n=task.n)
