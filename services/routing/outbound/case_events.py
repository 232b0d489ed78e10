"""Events of a change: the whole state of a case on `case.updates`, and tasks on a party's own topic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, TaskDispatch
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.domain.deadlines.escalation import current_escalation
from services.routing.domain.plan.denials import is_denial
from services.routing.domain.plan.outcomes import allowed_outcomes
from services.routing.domain.plan.plan import INTAKE_STEP
from services.routing.domain.steps.queries import QueryTasks, queries_of_case
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency, topics
from shared.events import case as wire
from shared.events.apology import Apology
from shared.events.body import Body, ProcedureRef
from shared.events.case import CaseState
from shared.events.envelope import NewEvent
from shared.events.steps import Child, Holder, Query, StepState
from shared.same_fields import same_fields
from shared.states import State

OF_CASE = same_fields(CaseState, Case, beside=("holder", "apology", "resume_to"))
OF_ALARM = same_fields(wire.DeadlineState, FiredDeadline)


@dataclass(frozen=True, slots=True)
class SharedFields:
    """Parts of an event that depend only on the tasks of a family; shared by updates of the same tasks."""

    case: Case
    steps: list[StepState]
    holder: Holder | None
    queries: tuple[Query, ...]

    def matches(self, case: Case) -> bool:
        """Whether this case has the same tuple of tasks and of children, by identity."""
        return case.tasks is self.case.tasks and case.children is self.case.children


def shared_fields(case: Case) -> SharedFields:
    """Compute the shared parts for this case."""
    steps = [_step(task, case.child_of(task.step)) for task in visible_steps(case)]
    return SharedFields(case, steps, holder=case.holder, queries=family_queries(case))


def family_queries(case: Case) -> tuple[Query, ...]:
    """The queries of a case and of its children."""
    queries: list[Query] = []
    for member in case.family:
        queries += map(query_state, queries_of_case(member))
    return tuple(queries)


def update_events(updates: Iterable[CaseUpdate]) -> Iterator[NewEvent]:
    """Build the records for `case.updates`, in order; shared parts are computed once for the same tasks."""
    shared_by_root: dict[UUID, SharedFields] = {}
    for update in updates:
        shared = shared_by_root.get(update.case.root)
        if shared is None or not shared.matches(update.case):
            shared = shared_by_root[update.case.root] = shared_fields(update.case)
        yield update_event(update, shared)


def update_event(update: CaseUpdate, shared: SharedFields | None = None) -> NewEvent:
    """Build the record for `case.updates`: the whole state of the root, and its cause."""
    data = _data(update, shared or shared_fields(update.case))
    return _event(
        update,
        topics.CASE_UPDATES.name,
        data=(update.type, data),
        actor=update.cause.actor,
        child=update.child,
    )


def _data(update: CaseUpdate, shared: SharedFields) -> CaseState:
    fields = _state(update, shared)
    if update.refusal is not None:
        return _declined(fields, update.refusal)
    if update.alarm is not None and update.type in ABOUT_A_DEADLINE:
        return wire.DeadlineFired(**fields, deadline=_deadline(update.alarm))
    if update.replaced_task is not None and update.task is not None:
        return wire.TaskReassigned(
            **fields, reassigned=_reassigned(update, update.replaced_task, update.task)
        )
    if update.child is not None and update.type in ABOUT_A_CHILD:
        return _child_updated(fields, update, update.child)
    return CaseState(**fields)


ABOUT_A_DEADLINE = frozenset({wire.WARNING, wire.BREACHED, wire.NEW_DATE_PASSED})
ABOUT_A_CHILD = frozenset({wire.CHILD_OPENED, wire.CHILD_COMPLETED, wire.CHILD_FAILED})


def _child_updated(fields: dict[str, Any], update: CaseUpdate, child: Case) -> wire.ChildUpdated:
    step = child.does or ""
    office = child.receiving_office
    blocked_steps: list[str] = []
    for task in update.case.step_tasks:
        if task.step == step and task.is_open:
            office = task.office
        if step in task.after:
            blocked_steps.append(task.step)
    return wire.ChildUpdated(
        **fields, child=child_state(child), step=step, office=office, blocks=tuple(blocked_steps)
    )


def child_state(child: Case) -> Child:
    """The state of a child as part of its root's state."""
    return Child(
        dossier_id=child.id,
        code=child.code,
        procedure=_procedure_ref(child.procedure, child.version),
        state=child.state,
        office=child.receiving_office,
        office_short=child.receiving_short,
        opened_at=child.submitted_at,
        holder=child.holder,
        due_at=child.current_due_at,
        completed_at=child.completed_at,
        outcome=child.outcome,
    )


def dispatch_events(changes: Iterable[CaseChange], rules: Rules) -> Iterator[NewEvent]:
    """Build the records for parties' topics, in order."""
    for change in changes:
        for dispatch in change.dispatches:
            event = dispatch_event(dispatch, change.updates[-1], rules)
            if event is not None:
                yield event


def dispatch_event(dispatch: TaskDispatch, update: CaseUpdate, rules: Rules) -> NewEvent | None:
    """Build the record for the party's topic; None where the office works at the desk."""
    task = dispatch.task
    if not task.to_topic or task.party is None or task.due_at is None:
        return None
    topic = topics.tasks_topic(task.party).name
    if dispatch.close_reason is not None:
        closed = agency.TaskClosed(
            task_id=task.id, step=task.step, office=task.office, why=dispatch.close_reason
        )
        return _event(update, topic, data=(agency.CLOSED, closed), actor=BY_RULE, child=dispatch.child)
    queued: dict[str, Any] = {
        "task_id": task.id,
        "step": task.step,
        "office": task.office,
        "due_at": task.due_at,
        "outcomes": allowed_outcomes(dispatch.child or update.case, task, rules),
    }
    if task.part_of is not None:
        question = agency.SubqueryAsked(**queued, part_of=task.part_of, question=task.question or "")
        return _event(update, topic, data=(agency.ASKED, question), actor=BY_RULE, child=dispatch.child)
    return _event(
        update, topic, data=(agency.QUEUED, agency.TaskQueued(**queued)), actor=BY_RULE, child=dispatch.child
    )


def case_state(update: CaseUpdate) -> CaseState:
    """The whole state of a case after this update."""
    return CaseState(**_state(update, shared_fields(update.case)))


def _state(update: CaseUpdate, shared: SharedFields) -> dict[str, Any]:
    case = update.case
    fields = OF_CASE(case) | {
        "because": update.cause.fact,
        "because_id": update.cause.id,
        "receiving_office_short": case.receiving_short,
        "steps": shared.steps,
        "holder": shared.holder,
        "apology": apology_state(case),
        "queries": shared.queries,
    }
    if case.resume_to is not None:
        fields["resume_to"] = _resume_position(case.resume_to)
    if update.child is None:
        fields["moved_from"] = update.previous_due_at
    if case.state is State.STOPPED:
        fields["stopped_reason"] = update.reason
    if update.cause.fact == agency.EXTENSION_ASKED:
        fields["extension_reason"] = update.reason
    escalation = current_escalation(case)
    if escalation is not None:
        fields["overdue"] = _overdue(escalation)
    return fields


def query_state(query: QueryTasks) -> Query:
    """A query of a step, with offices by their short names."""
    return Query(
        step=query.lead.step,
        title_vi=query.lead.title_vi,
        title_en=query.lead.title_en,
        asked=len(query.questions),
        answered=len(query.answered_tasks),
        awaited=tuple(task.office_short for task in query.open_tasks),
        silent=tuple(task.office_short for task in query.unanswered_tasks),
        closed_by=query.closed_by,
        reason=query.close_reason,
    )


def apology_state(case: Case) -> Apology | None:
    """The apology, with how its new date passed."""
    if case.apology is None:
        return None
    return replace(case.apology, passed=passed_new_date(case))


def _overdue(alarm: FiredDeadline) -> wire.Overdue:
    return wire.Overdue(
        scope=alarm.scope,
        since=alarm.due_at,
        to=alarm.to,
        office=alarm.office,
        office_short=alarm.office_short,
        at=alarm.fired_at,
        step=alarm.step,
    )


def _deadline(alarm: FiredDeadline) -> wire.DeadlineState:
    return wire.DeadlineState(**OF_ALARM(alarm), late_by=alarm.delay_seconds)


def _reassigned(update: CaseUpdate, before: Task, after: Task) -> wire.Reassigned:
    return wire.Reassigned(
        step=after.step,
        task_id=before.id,
        new_task_id=after.id,
        from_office=before.office,
        to_office=after.office,
        by=update.cause.actor.role or update.cause.actor.kind,
    )


def _declined(fields: dict[str, Any], refusal: Refused) -> wire.RequestDeclined:
    return wire.RequestDeclined(
        **fields, declined=fields["because"], reason_code=refusal.code, text_vi=refusal.vi, text_en=refusal.en
    )


def _resume_position(position: ProcessPosition) -> wire.ResumePosition:
    return wire.ResumePosition(state=position.state, stage=position.stage)


def visible_steps(case: Case) -> list[Task]:
    """The steps shown to people; apologies are none.

    Reception is shown once, although its task and the `intake` step both stand for it.
    """
    has_intake = any(
        task.step == INTAKE_STEP and task.office == case.receiving_office for task in case.current_tasks
    )
    return [task for task in case.step_tasks if not (task.is_reception and has_intake)]


def _step(task: Task, child: Case | None) -> StepState:
    state, due_at = task.state, task.due_at
    if task.is_done_by_child and child is not None:
        state, due_at = TaskState.STARTED, child.current_due_at
    is_waiting = task.state is TaskState.WAITING
    is_denied = is_denial(task)
    # Fields are passed one by one: an update has about ten steps, and a copy by name takes 50 % longer.
    return StepState(
        task_id=None if is_waiting else task.id,
        step=task.step,
        title_vi=task.title_vi,
        title_en=task.title_en,
        office=task.office,
        office_short=task.office_short,
        state=state,
        due_at=due_at,
        queued_at=task.queued_at,
        started_at=task.started_at,
        done_at=task.done_at,
        outcome=task.outcome,
        actor=task.actor,
        child=child_state(child) if child else None,
        appointment=task.appointment,
        reason=task.reason if is_denied else None,
        basis=task.basis if is_denied else None,
    )


def _event(
    update: CaseUpdate, topic: str, data: tuple[str, Body], actor: Actor, child: Case | None
) -> NewEvent:
    """Build a record about the child, or the root. `case.updates` names the root's procedure always."""
    case = update.case
    dossier = procedure_case = child or case
    if topic == topics.CASE_UPDATES.name:
        procedure_case = case
    return NewEvent(
        topic=topic,
        key=str(case.root),  # one key for the family, so that its records keep their order in one partition
        type=data[0],
        data=data[1],
        actor=actor,
        time=update.at,
        dossier_id=dossier.id,
        procedure=_procedure_ref(procedure_case.procedure, procedure_case.version),
        channel=case.channel,
        causation_id=update.cause.id,
    )


@lru_cache(maxsize=1024)
def _procedure_ref(procedure: str, version: int) -> ProcedureRef:
    return ProcedureRef(code=procedure, version=version)
