"""What a change says aloud: the whole state to the city, a task to its party."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.routing.domain.case.case import BY_RULE, Case, CaseUpdate, TaskDispatch
from services.routing.domain.case.fired_deadline import ClockScope, FiredDeadline
from services.routing.domain.case.missing_office import MissingOffice
from services.routing.domain.case.open_request import CitizenRequest
from services.routing.domain.case.position import ProcessPosition, State
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.domain.deadlines.escalation import current_escalation
from services.routing.domain.plan.plan import INTAKE_STEP
from services.routing.domain.plan.queries import QueryTasks, queries_of_case
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency, topics
from shared.events import case as updates
from shared.events.apology import Apology
from shared.events.body import Body
from shared.events.case import CaseState
from shared.events.dossier import ExplanationLine
from shared.events.envelope import NewEvent, ProcedureRef, decode_data
from shared.events.steps import Child, Holder, Query, StepState


@dataclass(frozen=True, slots=True)
class SharedFields:
    """What follows from the tasks of a case and of its children alone, however often it is told."""

    case: Case
    steps: list[StepState]
    holder: Holder | None
    queries: tuple[Query, ...]

    def matches(self, case: Case) -> bool:
        """Whether this case has the very same tasks and children."""
        return case.tasks is self.case.tasks and case.children is self.case.children


def shared_fields(case: Case) -> SharedFields:
    """As this case's tasks stand."""
    steps = [_step(task, case.child_of(task.step)) for task in visible_steps(case)]
    queries = tuple(query_state(asked) for one in case.family for asked in queries_of_case(one))
    return SharedFields(case, steps, case.holder, queries)


def update_events(told: Iterable[CaseUpdate]) -> Iterator[NewEvent]:
    """The records for `case.updates`, in this order; what the same tasks come to is put in words once."""
    known: dict[UUID, SharedFields] = {}
    for one in told:
        work = known.get(one.case.root)
        if work is None or not work.matches(one.case):
            work = known[one.case.root] = shared_fields(one.case)
        yield update_event(one, work)


def update_event(told: CaseUpdate, work: SharedFields | None = None) -> NewEvent:
    """The record for `case.updates`: the whole state, and what led to it."""
    data = _data(told, work or shared_fields(told.case))
    return _event(told, topics.CASE_UPDATES.name, (told.type, data), told.cause.actor, told.child)


def _data(told: CaseUpdate, work: SharedFields) -> CaseState:
    said = _state(told, work)
    if told.declined is not None:
        return _declined(said, told.declined)
    if told.alarm is not None and told.type in ABOUT_A_DEADLINE:
        return updates.DeadlineFired(**said, deadline=_deadline(told.alarm))
    if told.taken_from is not None and told.task is not None:
        return updates.TaskReassigned(**said, reassigned=_reassigned(told, told.taken_from, told.task))
    if told.child is not None and told.type in ABOUT_A_CHILD:
        return _about_a_child(said, told, told.child)
    return CaseState(**said)


ABOUT_A_DEADLINE = frozenset({updates.WARNING, updates.BREACHED, updates.NEW_DATE_PASSED})
ABOUT_A_CHILD = frozenset({updates.CHILD_OPENED, updates.CHILD_COMPLETED, updates.CHILD_FAILED})


def _about_a_child(said: dict[str, Any], told: CaseUpdate, child: Case) -> updates.ChildUpdated:
    step = child.does or ""
    own = next((task for task in told.case.step_tasks if task.step == step), None)
    has_it = own.office if own and own.is_open else child.receiving_office
    blocked = [task.step for task in told.case.step_tasks if step in task.after]
    return updates.ChildUpdated(
        **said, child=child_state(child), step=step, office=has_it, blocks=tuple(blocked)
    )


def child_state(child: Case) -> Child:
    """A child as its root's readers see it."""
    return Child(
        dossier_id=child.id,
        code=child.code,
        procedure=child.procedure,
        state=child.state,
        office=child.receiving_office,
        office_short=child.receiving_short,
        opened_at=child.submitted_at,
        holder=child.holder,
        due_at=child.current_due_at,
        completed_at=child.completed_at,
        outcome=child.outcome,
    )


def dispatch_event(sent: TaskDispatch, told: CaseUpdate) -> NewEvent | None:
    """The record for the party's own topic; None where the office works at the desk."""
    task = sent.task
    if not task.to_topic or task.party is None or task.due_at is None:
        return None
    topic = topics.tasks_topic(task.party).name
    if sent.why is not None:
        closed = agency.TaskClosed(task_id=task.id, step=task.step, office=task.office, why=sent.why)
        return _event(told, topic, (agency.CLOSED, closed), BY_RULE, sent.child)
    queued: dict[str, Any] = {
        "task_id": task.id,
        "step": task.step,
        "office": task.office,
        "due_at": task.due_at,
        "procedure": (sent.child or told.case).procedure,
    }
    if task.part_of is not None:
        asked = agency.SubqueryAsked(**queued, part_of=task.part_of, question=task.question or "")
        return _event(told, topic, (agency.ASKED, asked), BY_RULE, sent.child)
    return _event(told, topic, (agency.QUEUED, agency.TaskQueued(**queued)), BY_RULE, sent.child)


def case_state(told: CaseUpdate) -> CaseState:
    """The whole state of a case as one change left it."""
    return CaseState(**_state(told, shared_fields(told.case)))


def _state(told: CaseUpdate, work: SharedFields) -> dict[str, Any]:
    case = told.case
    late = current_escalation(case)
    return {
        "code": case.code,
        "subject_ref": case.subject_ref,
        "link_ref": case.link_ref,
        "kind": case.kind,
        "state": case.state,
        "because": told.cause.fact,
        "because_id": told.cause.id,
        "receiving_office": case.receiving_office,
        "receiving_office_short": case.receiving_short,
        "delivery": case.delivery,
        "submitted_at": case.submitted_at,
        "steps": work.steps,
        "outcome": case.outcome,
        "holder": work.holder,
        "accepted_at": case.accepted_at,
        "promised_due_at": case.promised_due_at,
        "current_due_at": case.current_due_at,
        "explanation": tuple(decode_data(ExplanationLine, line) for line in case.explanation),
        "completed_at": case.completed_at,
        "refused_reason": case.refused_reason,
        "refused_rule": case.refused_rule,
        "stage": case.stage,
        "resume_to": _place(case.resume_to) if case.resume_to else None,
        "request": _request(case.request) if case.request else None,
        "second_supplement": case.second_supplement,
        "moved_from": told.moved_from if told.child is None else None,
        "overdue": _overdue(late) if late else None,
        "stopped_reason": told.reason if case.state is State.STOPPED else None,
        "extension_reason": told.reason if told.cause.fact == agency.EXTENSION_ASKED else None,
        "apology": apology_state(case),
        "unplaced": _unplaced(case.unplaced) if case.unplaced else None,
        "queries": work.queries,
    }


def _unplaced(missing: MissingOffice) -> updates.MissingOffice:
    return updates.MissingOffice(
        role=missing.role,
        place=missing.field,
        value=missing.value,
        why=missing.why,
        since=missing.since,
    )


def query_state(asked: QueryTasks) -> Query:
    """What a step asked, by the names people know."""
    return Query(
        step=asked.lead.step,
        title_vi=asked.lead.title_vi,
        title_en=asked.lead.title_en,
        asked=len(asked.questions),
        answered=len(asked.answered_tasks),
        awaited=tuple(task.office_short for task in asked.open_tasks),
        silent=tuple(task.office_short for task in asked.unanswered_tasks),
        closed_by=asked.closed_by,
        reason=asked.close_reason,
    )


def apology_state(case: Case) -> Apology | None:
    """The letter, and what became of its new date."""
    return replace(case.apology, passed=passed_new_date(case)) if case.apology else None


def _overdue(alarm: FiredDeadline) -> updates.Overdue:
    return updates.Overdue(
        scope=alarm.scope,
        since=alarm.due_at,
        to=alarm.to,
        office=alarm.office,
        office_short=alarm.office_short,
        at=alarm.fired_at,
        step=alarm.step,
    )


def _deadline(alarm: FiredDeadline) -> updates.DeadlineState:
    return updates.DeadlineState(
        scope=alarm.scope,
        level=alarm.level,
        due_at=alarm.due_at,
        at=alarm.at,
        late_by=alarm.delay_seconds,
        to=alarm.to,
        office=alarm.office,
        office_short=alarm.office_short,
        task_id=alarm.about if alarm.scope is ClockScope.TASK else None,
        step=alarm.step,
        overtaken=alarm.overtaken,
    )


def _reassigned(told: CaseUpdate, before: Task, after: Task) -> updates.Reassigned:
    return updates.Reassigned(
        step=after.step,
        task_id=before.id,
        new_task_id=after.id,
        from_office=before.office,
        to_office=after.office,
        by=told.cause.actor.role or told.cause.actor.kind,
    )


def _declined(said: dict[str, Any], why: Refused) -> updates.RequestDeclined:
    return updates.RequestDeclined(
        **said, declined=said["because"], reason_code=why.code, text_vi=why.vi, text_en=why.en
    )


def _place(standing: ProcessPosition) -> updates.ResumePosition:
    return updates.ResumePosition(state=standing.state, stage=standing.stage)


def _request(asked: CitizenRequest) -> updates.CitizenRequest:
    return updates.CitizenRequest(**asdict(asked))


def visible_steps(case: Case) -> list[Task]:
    """The steps people see; a letter is none of them.

    Receiving is shown once, though the door's task and `intake` are both it.
    """
    has_intake = any(
        task.step == INTAKE_STEP and task.office == case.receiving_office for task in case.current_tasks
    )
    return [task for task in case.step_tasks if not (task.is_reception and has_intake)]


def _step(task: Task, child: Case | None) -> StepState:
    under_way = task.is_done_by_child and child is not None
    return StepState(
        task_id=None if task.state is TaskState.WAITING else task.id,
        step=task.step,
        title_vi=task.title_vi,
        title_en=task.title_en,
        office=task.office,
        office_short=task.office_short,
        state=TaskState.STARTED if under_way else task.state,
        due_at=child.current_due_at if under_way and child else task.due_at,
        queued_at=task.queued_at,
        started_at=task.started_at,
        done_at=task.done_at,
        outcome=task.outcome,
        actor=task.actor,
        child=child_state(child) if child else None,
    )


def _event(told: CaseUpdate, topic: str, data: tuple[str, Body], actor: Actor, of: Case | None) -> NewEvent:
    """A record about `of`, or the root. The city reads the root's state, so it gets the root's procedure."""
    case = told.case
    about = of or case
    worked = case if topic == topics.CASE_UPDATES.name else about
    return NewEvent(
        topic=topic,
        key=str(case.root),
        type=data[0],
        data=data[1],
        actor=actor,
        time=told.at,
        dossier_id=about.id,
        procedure=_named(worked.procedure, worked.version),
        channel=case.channel,
        causation_id=told.cause.id,
    )


@lru_cache(maxsize=1024)
def _named(procedure: str, version: int) -> ProcedureRef:
    return ProcedureRef(code=procedure, version=version)
