"""The case: what routing knows of a dossier. It is an immutable value; rules return changed copies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.pending_stop import PendingStop
from services.routing.domain.case.position import ProcessPosition, Stage
from services.routing.domain.case.task import CENTRE, Task, TaskState
from shared.actor import Actor, system_actor
from shared.errors import Refused
from shared.events.apology import Apology
from shared.events.case import STATUTORY, CitizenRequest, MissingOffice
from shared.events.steps import Holder
from shared.states import State
from shared.worktime import ClockEvent, CountedDays

CENTRE_SHORT = "Trung tâm PVHCC"
BY_RULE = system_actor("routing")
"""The actor of changes that routing makes by its own rules."""


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper filed with the dossier, without its name or bytes. `holder`: its owner; None: the applicant."""

    type: str
    form: str | None = None
    holder: str | None = None


@dataclass(frozen=True)
class Case:
    """A dossier as routing sees it. `facts` holds only those that the plan depends on.

    `current_due_at` and `explanation` are computed from `ledger`, the events of its clock: see `case_clock`.
    `alarms`: deadlines that have fired, in order. `children`: dossiers that each do one step of this one; a
    child has a `child_id`, and `does` names the step. `papers`: filed papers that may replace a step, see
    `papers_already_filed`. `unplaced`: the office it waits for in `accepted`, see `placement`.
    """

    root: UUID
    code: str
    state: State
    procedure: str
    version: int
    channel: str
    subject_ref: UUID
    link_ref: str
    place: Mapping[str, str]
    facts: Mapping[str, Any]
    delivery: str
    filed_by: str
    receiving_office: str
    receiving_short: str
    auto_accept: bool
    submitted_at: datetime
    kind: str = STATUTORY
    accepted_at: datetime | None = None
    promised_due_at: datetime | None = None
    current_due_at: datetime | None = None
    explanation: tuple[CountedDays, ...] = ()
    completed_at: datetime | None = None
    outcome: str | None = None
    refused_reason: str | None = None
    refused_rule: str | None = None
    tasks: tuple[Task, ...] = ()
    stage: Stage | None = None
    resume_to: ProcessPosition | None = None
    ledger: tuple[ClockEvent, ...] = ()
    request: CitizenRequest | None = None
    stop_asked: PendingStop | None = None
    second_supplement: bool = False
    supplements_at_door: int = 0
    alarms: tuple[FiredDeadline, ...] = ()
    apology: Apology | None = None
    papers: tuple[FiledPaper, ...] = ()
    unplaced: MissingOffice | None = None
    children: tuple["Case", ...] = ()
    child_id: UUID | None = None
    does: str | None = None

    @property
    def id(self) -> UUID:
        """The id of this dossier. `root` is the record key and the database lock of the whole family."""
        return self.child_id or self.root

    @property
    def family(self) -> "tuple[Case, ...]":
        """This case followed by its children."""
        return (self, *self.children)

    @property
    def family_tasks(self) -> "list[tuple[Case, Task]]":
        """The tasks of this case and of its children, each with its dossier."""
        return [(member, task) for member in self.family for task in member.tasks]

    @property
    def family_alarms(self) -> list[FiredDeadline]:
        """The deadlines that have fired for this case and for its children."""
        return [alarm for member in self.family for alarm in member.alarms]

    def owner_of(self, task_id: UUID) -> "Case | None":
        """The member of the family that has this task."""
        return next((member for member in self.family if member.task(task_id)), None)

    def child_of(self, step: str) -> "Case | None":
        """The child dossier opened for this step."""
        return next((child for child in self.children if child.does == step), None)

    def with_child(self, child: "Case") -> "Case":
        """Return the case with this child added, or put in place of the one with the same id."""
        children = {existing.id: existing for existing in self.children}
        children[child.id] = child
        return replace(self, children=tuple(children.values()))

    def new_child(self, **fields: Any) -> "Case":
        """Return a child dossier with these fields and the shared ones of this case. It is not added."""
        shared = {name: getattr(self, name) for name in SHARED_WITH_CHILDREN}
        return Case(**shared, auto_accept=True, **fields)

    @property
    def has_unplaced(self) -> bool:
        """Whether this case or a child of it waits for an office."""
        return any(member.unplaced is not None for member in self.family)

    @property
    def position(self) -> ProcessPosition:
        """The position of the case in the state table."""
        return ProcessPosition(self.state, self.stage, self.resume_to)

    def with_position(self, position: ProcessPosition) -> "Case":
        """Return the case moved to this position."""
        return replace(self, state=position.state, stage=position.stage, resume_to=position.resume_to)

    def task(self, task_id: UUID) -> Task | None:
        """The task with this id, without those of children; None if there is none."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def with_task(self, task: Task) -> "Case":
        """Return the case with this task in place of the one with the same id."""
        return self.with_each_task(lambda existing: task if existing.id == task.id else existing)

    def with_each_task(self, change: Callable[[Task], Task]) -> "Case":
        """Return the case with each task as `change` returns it."""
        return replace(self, tasks=tuple(map(change, self.tasks)))

    def with_new_tasks(self, *tasks: Task) -> "Case":
        """Return the case with these tasks added, in the order of the plan."""
        return replace(self, tasks=tuple(sorted((*self.tasks, *tasks), key=lambda task: task.n)))

    def with_event(self, event: ClockEvent) -> "Case":
        """Return the case with this event at the end of its ledger, dates as they were."""
        return replace(self, ledger=(*self.ledger, event))

    def with_alarm(self, alarm: FiredDeadline) -> "Case":
        """Return the case with one more deadline that has fired."""
        return replace(self, alarms=(*self.alarms, alarm))

    @property
    def current_tasks(self) -> tuple[Task, ...]:
        """Tasks that are not closed: a reassigned step counts once, by its latest task."""
        return tuple(task for task in self.tasks if task.state is not TaskState.CLOSED)

    @property
    def step_tasks(self) -> tuple[Task, ...]:
        """Current tasks of the plan, without apologies and questions of other offices."""
        return tuple(task for task in self.current_tasks if task.is_plan_step)

    @property
    def awaits_apology(self) -> bool:
        """Whether the case is late and its apology is not signed yet."""
        return self.apology is not None and not self.apology.is_signed

    @property
    def current_task(self) -> Task | None:
        """The open task of the family that is due first; an apology comes after all others."""
        open_tasks: list[Task] = []
        # A question to another office does not move the dossier: its step stays the current task.
        for _, task in self.family_tasks:
            if task.is_open and task.queued_at and not task.is_question:
                open_tasks.append(task)
        return min(
            open_tasks,
            key=lambda task: (task.is_apology, task.due_at or task.queued_at, task.n),
            default=None,
        )

    @property
    def holder(self) -> Holder | None:
        """The office that has the current task; None while no task is open."""
        first = self.current_task
        if first is None:
            return None
        since = first.queued_at or self.submitted_at
        if first.desk_office == CENTRE:
            return Holder(office=CENTRE, short=CENTRE_SHORT, since=since)
        return Holder(office=first.office, short=first.office_short, since=since)


SHARED_WITH_CHILDREN = (
    *("root", "kind", "channel", "subject_ref", "link_ref", "place", "facts", "delivery", "filed_by"),
)
"""Fields that a child copies from its root: how the dossier was filed."""


def root_code(code: str) -> str:
    """The code of the root dossier. A child's code is its root's code, a point and a number."""
    root, point, number = code.rpartition(".")
    if point and number.isdigit() and "-" in root:
        return root
    return code


@dataclass(frozen=True, slots=True)
class Cause:
    """What led to a change: event type, id and actor. `stated_at`: a party's own time, for the record."""

    fact: str
    id: str
    actor: Actor
    stated_at: datetime | None = None


@dataclass(frozen=True)
class CaseUpdate:
    """One record for `case.updates`, with the case as the change left it.

    `task` and `reason` go to the history. `previous_due_at`: the date before this change, if it moved.
    `refusal`: why a request had no effect. `alarm`: the deadline that led to it. `replaced_task`: the task
    that `task` was queued in place of. `child`: the child dossier that the record is about.
    `approved_by`: the name of the head who signed or approved the act, for the audit.
    """

    type: str
    case: Case
    cause: Cause
    at: datetime
    task: Task | None = None
    reason: str | None = None
    previous_due_at: datetime | None = None
    refusal: Refused | None = None
    alarm: FiredDeadline | None = None
    replaced_task: Task | None = None
    child: Case | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class TaskDispatch:
    """A task put on a desk, or taken off it when `close_reason` is set. `child`: the child it belongs to."""

    task: Task
    close_reason: str | None = None
    child: Case | None = None


@dataclass(frozen=True)
class CaseChange:
    """The result of a rule: the changed case, records for `case.updates`, and tasks sent to offices."""

    case: Case
    updates: tuple[CaseUpdate, ...] = ()
    dispatches: tuple[TaskDispatch, ...] = ()

    def with_update(self, update: CaseUpdate, dispatches: Iterable[TaskDispatch] = ()) -> "CaseChange":
        """Return the change with this update after its own, the case as the update has it."""
        return self.then(CaseChange(update.case, (update,), tuple(dispatches)))

    def then(self, later: "CaseChange") -> "CaseChange":
        """Return this change followed by a later one of the same case."""
        updates = (*self.updates, *later.updates)
        return CaseChange(later.case, updates, (*self.dispatches, *later.dispatches))

    def with_case(self, case: Case) -> "CaseChange":
        """Return the change with this case, in each of its updates too."""
        return replace(self, case=case, updates=self._each_update(case=case))

    def about(self, task: Task, reason: str | None) -> "CaseChange":
        """Return the change with each of its updates about this task."""
        return replace(self, updates=self._each_update(task=task, reason=reason))

    def with_last_update(self, **changes: Any) -> "CaseChange":
        """Return the change with some fields of its last update replaced."""
        last = replace(self.updates[-1], **changes)
        return replace(self, updates=(*self.updates[:-1], last))

    def _each_update(self, **changes: Any) -> tuple[CaseUpdate, ...]:
        return tuple(replace(update, **changes) for update in self.updates)


def change_since(before: Case, update: CaseUpdate) -> CaseChange:
    """The change that an update reports, with the tasks that it sends to offices."""
    return CaseChange(update.case, (update,), task_dispatches(before, update.case))


def task_dispatches(before: Case, after: Case) -> tuple[TaskDispatch, ...]:
    """Tasks that were queued, or closed while an office had them, between two versions of a case."""
    states_before = {task.id: task.state for task in before.tasks}
    return tuple(_dispatches(states_before, after.tasks))


def _dispatches(states_before: Mapping[UUID, TaskState], tasks: Iterable[Task]) -> Iterable[TaskDispatch]:
    in_hands = (TaskState.QUEUED, TaskState.STARTED)
    for task in tasks:
        state_before = states_before.get(task.id, TaskState.WAITING)
        if task.state is TaskState.QUEUED and state_before is TaskState.WAITING:
            yield TaskDispatch(task)
        if task.state is TaskState.CLOSED and state_before in in_hands:
            yield TaskDispatch(task, close_reason="reassigned" if task.moved_to else "not_needed")
