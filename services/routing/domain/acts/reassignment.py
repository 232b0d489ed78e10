"""A task moves: given back and sent on, put in the queue anew, handed on in its agency. Never decided."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.routing.domain.acts.act_rules import not_in_hands
from services.routing.domain.acts.office_replies import is_operator
from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import HEAD, NoEffect, Task, TaskState
from services.routing.domain.clock.case_clock import latest_due_at, paused_since
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import plan
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue, NoOffice, Office
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events.case import REASSIGNED


class ReassignMode(StrEnum):
    """Who moves a task, and from where.

    REROUTE: an operator, what was given back, to an office that has a part in the dossier. REQUEUE: an
    operator, what lies in somebody's hands, to the same office anew or to another. REASSIGN: the head of the
    office that has it, to another office of the same agency.
    """

    REROUTE = "reroute"
    REQUEUE = "requeue"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Reassignment:
    """This task, to that office, for this reason."""

    task_id: UUID
    office: str
    reason: str
    cause: Cause
    way: ReassignMode = ReassignMode.REROUTE


def reassign_task(
    case: Case | None, said: Reassignment, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The step goes to the named office as a new task; the one before is closed and says where it went."""
    task = case.task(said.task_id) if case else None
    if case is None or task is None:
        return refuse("unknown_task")
    why_not = _why_not(task, said)
    if why_not is not None:
        return why_not
    office = _destination(case, task, said, catalogue, to_city_time(at).date())
    if isinstance(office, Refused):
        return office
    fresh = plan.queue_task(_afresh(case, task, office), latest_due_at(case, catalogue, at), catalogue, at)
    if said.way is ReassignMode.REASSIGN or office.id == task.office:
        fresh = _without_more_time(task, fresh, paused_since(case) or at)
    closed = replace(task, state=TaskState.CLOSED, moved_to=fresh.office)
    moved = sync_pause(case.with_reassigned_task(closed, fresh), catalogue, at)
    told = CaseUpdate(REASSIGNED, moved, said.cause, at, moved.task(fresh.id), said.reason, taken_from=task)
    return CaseChange(moved, (told,), task_dispatches(case, moved))


def _why_not(task: Task, said: Reassignment) -> NoEffect | Refused | None:
    wrong = MAY[said.way](task, said.cause.actor)
    if wrong is not None:
        return wrong
    if task.moved_to == said.office:
        return NoEffect("told_twice")
    if task.moved_to is not None:
        return refuse("already_resent", office=task.moved_to)
    wrong = _not_given_back(task) if said.way is ReassignMode.REROUTE else _not_to_be_moved(task)
    if wrong is not None:
        return wrong
    return None if said.reason.strip() else refuse("reason_missing")


def _an_operator(_: Task, actor: Actor) -> Refused | None:
    return None if is_operator(actor) else refuse("only_an_operator")


def _the_head(task: Task, actor: Actor) -> Refused | None:
    own = actor.kind == "officer" and actor.role == HEAD and actor.office == task.office
    return None if own else refuse("only_the_head_reassigns")


MAY: dict[ReassignMode, Callable[[Task, Actor], Refused | None]] = {
    ReassignMode.REROUTE: _an_operator,
    ReassignMode.REQUEUE: _an_operator,
    ReassignMode.REASSIGN: _the_head,
}


def _not_given_back(task: Task) -> Refused | None:
    return None if task.state is TaskState.DECLINED else refuse("not_declined")


def _not_to_be_moved(task: Task) -> Refused | None:
    if task.is_reception:
        return refuse("decided_at_the_counter")
    return refuse("a_letter_is_only_signed") if task.is_apology else not_in_hands(task)


def reassign_targets(case: Case, task: Task, catalogue: Catalogue, today: date) -> tuple[Office, ...]:
    """Offices of this dossier's own places: what an operator is offered first."""
    procedure = catalogue.procedure_version(case.procedure, case.version)
    found: dict[str, Office] = {}
    for role in dict.fromkeys([task.role, *(step.role for step in procedure.steps)]):
        with suppress(NoOffice):  # a step left out may name a place this dossier does not have
            office = catalogue.office_for(role, case.place, procedure, today)
            found.setdefault(office.id, office)
    return tuple(found.values())


def allowed_targets(
    case: Case, task: Task, way: ReassignMode, catalogue: Catalogue, today: date
) -> tuple[Office, ...]:
    """The destinations that this way allows: within an agency none of another's, nor the office itself."""
    found = reassign_targets(case, task, catalogue, today)
    if way is not ReassignMode.REASSIGN:
        return found
    return tuple(one for one in found if _within_the_agency(task, one, catalogue, today) is None)


def _destination(
    case: Case, task: Task, said: Reassignment, catalogue: Catalogue, today: date
) -> Office | Refused:
    try:
        office = catalogue.office(said.office)
    except KeyError:
        return refuse("unknown_office", office=said.office)
    if office.role != task.role and office not in reassign_targets(case, task, catalogue, today):
        return refuse("office_cannot_do_it", office=said.office)
    if said.way is ReassignMode.REASSIGN:
        return _within_the_agency(task, office, catalogue, today) or office
    return office


def _within_the_agency(task: Task, office: Office, catalogue: Catalogue, today: date) -> Refused | None:
    if office.id == task.office:
        return refuse("already_there", office=office.id)
    same = catalogue.party_of(office.id, today) == catalogue.party_of(task.office, today)
    return None if same else refuse("another_agency", office=office.id)


def _afresh(case: Case, task: Task, office: Office) -> Task:
    return replace(
        task,
        id=plan.next_task_id(case, task.step),
        office=office.id,
        office_short=office.short,
        state=TaskState.WAITING,
        started_at=None,
        reason=None,
    )


def _without_more_time(task: Task, fresh: Task, stood_at: datetime) -> Task:
    """Handing on within an agency, or anew, gains no time, ever; what was due already starts again.

    `stood_at`: while the citizen is waited for nothing falls due, so what counts is when that began.
    """
    if task.due_at is None or task.due_at <= stood_at or fresh.due_at is None:
        return fresh
    return replace(fresh, due_at=min(task.due_at, fresh.due_at), counts_from=task.budget_from)
