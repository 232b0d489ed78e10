"""What an office gave back, an operator sends to another one."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.routing.domain import plan, refusals
from services.routing.domain.case import Case, Cause, Change, Told, newly_sent
from services.routing.domain.offices_answer import is_operator
from services.routing.domain.task import Nothing, Task, TaskState
from shared.catalogue import Catalogue, NoOffice, Office
from shared.clock import in_city
from shared.errors import Refused
from shared.events.case import UPDATED

REASSIGNED = "task.reassigned.v1"


@dataclass(frozen=True, slots=True)
class Resend:
    """An operator's act: this task, to that office, for this reason."""

    task_id: UUID
    office: str
    reason: str
    cause: Cause


def resend(case: Case | None, said: Resend, catalogue: Catalogue, at: datetime) -> Change | Nothing | Refused:
    """The step goes to the named office as a new task; what was given back is closed."""
    task = case.task(said.task_id) if case else None
    if case is None or task is None:
        return refusals.unknown_task()
    why_not = _why_not(task, said)
    if why_not is not None:
        return why_not
    office = _destination(case, task, said.office, catalogue, in_city(at).date())
    if isinstance(office, Refused):
        return office
    fresh = plan.queued(_afresh(case, task, office), case.current_due_at, catalogue, at)
    return _sent(case, task, fresh, said, at)


def _why_not(task: Task, said: Resend) -> Nothing | Refused | None:
    if not is_operator(said.cause.actor):
        return refusals.only_an_operator()
    if task.moved_to == said.office:
        return Nothing("told_twice")
    if task.moved_to is not None:
        return refusals.already_resent(task.moved_to)
    if task.state is not TaskState.DECLINED:
        return refusals.not_declined()
    return None if said.reason.strip() else refusals.reason_missing()


def destinations(case: Case, task: Task, catalogue: Catalogue, today: date) -> tuple[Office, ...]:
    """Offices of this dossier's own places: what an operator is offered first."""
    procedure = catalogue.procedure_version(case.procedure, case.version)
    found: dict[str, Office] = {}
    for role in dict.fromkeys([task.role, *(step.role for step in procedure.steps)]):
        with suppress(NoOffice):  # a step left out may name a place this dossier does not have
            office = catalogue.office_for(role, case.place, procedure, today)
            found.setdefault(office.id, office)
    return tuple(found.values())


def _destination(case: Case, task: Task, name: str, catalogue: Catalogue, today: date) -> Office | Refused:
    try:
        office = catalogue.office(name)
    except KeyError:
        return refusals.unknown_office(name)
    if office.role == task.role or office in destinations(case, task, catalogue, today):
        return office
    return refusals.office_cannot_do_it(name)


def _sent(case: Case, task: Task, fresh: Task, said: Resend, at: datetime) -> Change:
    closed = replace(task, state=TaskState.CLOSED, moved_to=fresh.office)
    tasks = [*case.with_task(closed).tasks, fresh]
    moved = replace(case, tasks=tuple(sorted(tasks, key=lambda one: one.n)))
    told = Told(UPDATED, moved, said.cause, at, fresh, said.reason)
    return Change(moved, (told,), newly_sent(case, moved))


def _afresh(case: Case, task: Task, office: Office) -> Task:
    return replace(
        task,
        id=plan.task_id(case, task.step),
        office=office.id,
        office_short=office.short,
        state=TaskState.WAITING,
        started_at=None,
        reason=None,
    )
