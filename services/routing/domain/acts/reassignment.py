"""Reassignment of tasks: of a declined one, back into a queue, or to another office of the agency."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.routing.domain.acts.office_replies import is_operator
from services.routing.domain.acts.registry import refuse_unless_open
from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, change_since
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import HEAD, NoEffect, Task, TaskState
from services.routing.domain.clock.case_clock import latest_due_at, paused_since
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import plan
from services.routing.domain.steps.registry import kind_of
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import NoOffice, Office
from shared.errors import Refused
from shared.events.case import REASSIGNED


class ReassignMode(StrEnum):
    """Ways to move a task.

    REROUTE: an operator sends a declined task to an office of the dossier. REQUEUE: an operator queues an
    open task anew, at its office or another. REASSIGN: the head of its office gives it to another office of
    the same agency.
    """

    REROUTE = "reroute"
    REQUEUE = "requeue"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Reassignment:
    """A request to move a task to an office, with the reason."""

    task_id: UUID
    office: str
    reason: str
    cause: Cause
    mode: ReassignMode = ReassignMode.REROUTE


def reassign_task(
    case: Case | None, reassignment: Reassignment, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Close the task and queue a new one for its step at the named office."""
    task = case.task(reassignment.task_id) if case else None
    if case is None or task is None:
        return refuse("unknown_task")
    rejection = _check_reassignment(task, reassignment)
    if rejection is not None:
        return rejection
    office = _destination(case, task, reassignment=reassignment, rules=rules)
    if isinstance(office, Refused):
        return office
    new_task = plan.queue_task(_new_task(case, task, office), latest_due_at(case, rules), rules)
    if reassignment.mode is ReassignMode.REASSIGN or office.id == task.office:
        new_task = _without_more_time(task, new_task, paused_since(case) or rules.now)
    closed_task = replace(task, state=TaskState.CLOSED, moved_to=new_task.office)
    reassigned_case = sync_pause(case.with_task(closed_task).with_new_tasks(new_task), rules)
    update = CaseUpdate(
        REASSIGNED,
        reassigned_case,
        cause=reassignment.cause,
        at=rules.now,
        task=reassigned_case.task(new_task.id),
        reason=reassignment.reason,
        replaced_task=task,
    )
    return change_since(case, update)


def _check_reassignment(task: Task, reassignment: Reassignment) -> NoEffect | Refused | None:
    refusal = _actor_refusal(task, reassignment.mode, reassignment.cause.actor)
    if refusal is not None:
        return refusal
    if task.moved_to == reassignment.office:
        return NoEffect("already_applied")
    if task.moved_to is not None:
        return refuse("already_resent", office=task.moved_to)
    refusal = _state_refusal(task, reassignment.mode)
    if refusal is None and not reassignment.reason.strip():
        return refuse("reason_missing")
    return refusal


def _actor_refusal(task: Task, mode: ReassignMode, actor: Actor) -> Refused | None:
    is_head = actor.kind == "officer" and actor.role == HEAD and actor.office == task.office
    if mode is ReassignMode.REASSIGN and not is_head:
        return refuse("only_the_head_reassigns")
    if mode is not ReassignMode.REASSIGN and not is_operator(actor):
        return refuse("only_an_operator")
    return None


def _state_refusal(task: Task, mode: ReassignMode) -> Refused | None:
    if mode is not ReassignMode.REROUTE:
        return kind_of(task).refuse_move(task) or refuse_unless_open(task)
    if task.state is not TaskState.DECLINED:
        return refuse("not_declined")
    return None


def reassign_targets(case: Case, task: Task, rules: Rules) -> tuple[Office, ...]:
    """The offices that have a part in this dossier, by its places; offered first to operators."""
    procedure = rules.procedure_of(case)
    targets: dict[str, Office] = {}
    for role in dict.fromkeys([task.role, *(step.role for step in procedure.steps)]):
        with suppress(NoOffice):  # a step left out may name a place this dossier does not have
            office = rules.catalogue.office_for(role, case.place, procedure, rules.today)
            targets.setdefault(office.id, office)
    return tuple(targets.values())


def allowed_targets(case: Case, task: Task, mode: ReassignMode, rules: Rules) -> tuple[Office, ...]:
    """The targets that this mode allows: REASSIGN excludes other agencies and the office itself."""
    targets = reassign_targets(case, task, rules)
    if mode is not ReassignMode.REASSIGN:
        return targets
    return tuple(target for target in targets if _require_same_agency(task, target, rules) is None)


def _destination(case: Case, task: Task, reassignment: Reassignment, rules: Rules) -> Office | Refused:
    try:
        office = rules.catalogue.office(reassignment.office)
    except KeyError:
        return refuse("unknown_office", office=reassignment.office)
    if office.role != task.role and office not in reassign_targets(case, task, rules):
        return refuse("office_cannot_do_it", office=reassignment.office)
    if reassignment.mode is ReassignMode.REASSIGN:
        return _require_same_agency(task, office, rules) or office
    return office


def _require_same_agency(task: Task, office: Office, rules: Rules) -> Refused | None:
    if office.id == task.office:
        return refuse("already_there", office=office.id)
    is_same_agency = rules.party_of(office.id) == rules.party_of(task.office)
    if not is_same_agency:
        return refuse("another_agency", office=office.id)
    return None


def _new_task(case: Case, task: Task, office: Office) -> Task:
    return replace(
        task,
        id=plan.next_task_id(case, task.step),
        office=office.id,
        office_short=office.short,
        state=TaskState.WAITING,
        started_at=None,
        reason=None,
        appointment=task.appointment if office.id == task.office else None,
    )


def _without_more_time(task: Task, new_task: Task, paused_at: datetime) -> Task:
    """Keep the due date, so that moving a task gains no time; a task that was overdue starts again.

    `paused_at`: now, or when the pause for the citizen began, as nothing falls due in a pause.
    """
    if task.due_at is None or task.due_at <= paused_at or new_task.due_at is None:
        return new_task
    return replace(new_task, due_at=min(task.due_at, new_task.due_at), counts_from=task.budget_from)
