"""Routing's side of a dossier: a value. The rules that change it stand beside, one file a verb."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.missing_office import MissingOffice
from services.routing.domain.case.open_request import CitizenRequest, PendingStop
from services.routing.domain.case.position import ProcessPosition, Stage, State
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import CENTRE, Task, TaskState
from shared.actor import Actor, system_actor
from shared.errors import Refused
from shared.events.apology import Apology
from shared.events.case import STATUTORY
from shared.events.steps import Holder
from shared.worktime import ClockEvent

CENTRE_SHORT = "Trung tâm PVHCC"
BY_RULE = system_actor("routing")
"""Routing itself, acting by its rules and for nobody."""


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A paper filed with the dossier, without its name or bytes. `holder`: whose; None: the applicant's."""

    type: str
    form: str | None = None
    holder: str | None = None


@dataclass(frozen=True)
class Case:
    """What routing knows of a dossier. `facts` are only those the plan depends on.

    `current_due_at` and `explanation` follow from `ledger`, the facts of its clock: see `clock`. `alarms`:
    what its clocks have said so far, in order. `children`: dossiers that do a step of this one each; a child
    has its `child_id` and `does` that step. `papers`: those filed that may do a step, see `filed_first`.
    `unplaced`: why it rests in `accepted`, see `placing`.
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
    explanation: tuple[Mapping[str, Any], ...] = ()
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
        """The dossier's own id; `root` is the key, order and lock of the whole family."""
        return self.child_id or self.root

    @property
    def family(self) -> "tuple[Case, ...]":
        """The dossier and its children."""
        return (self, *self.children)

    def owner_of(self, task_id: UUID) -> "Case | None":
        """Whose task this is: the dossier's own, or a child's."""
        return next((member for member in self.family if member.task(task_id)), None)

    def child_of(self, step: str) -> "Case | None":
        """The child that does, or did, this step."""
        return next((child for child in self.children if child.does == step), None)

    def with_child(self, child: "Case") -> "Case":
        """The case with this child, new or in place of the one with its id."""
        is_existing = any(existing.id == child.id for existing in self.children)
        children = tuple(child if existing.id == child.id else existing for existing in self.children)
        return replace(self, children=children if is_existing else (*self.children, child))

    @property
    def has_unplaced(self) -> bool:
        """It, or a child of it, waits for an office to be named."""
        return any(member.unplaced is not None for member in self.family)

    @property
    def position(self) -> ProcessPosition:
        """Where it stands, as the table of the process asks."""
        return ProcessPosition(self.state, self.stage, self.resume_to)

    def with_position(self, position: ProcessPosition) -> "Case":
        """The case, standing there."""
        return replace(self, state=position.state, stage=position.stage, resume_to=position.resume_to)

    def task(self, task_id: UUID) -> Task | None:
        """The task of this id."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def with_task(self, task: Task) -> "Case":
        """The case with this task in place of the one with its id."""
        return replace(
            self, tasks=tuple(task if existing.id == task.id else existing for existing in self.tasks)
        )

    def with_reassigned_task(self, closed_task: Task, new_task: Task) -> "Case":
        """The case with a task closed and another in its place, in the order of its plan."""
        tasks = (*self.with_task(closed_task).tasks, new_task)
        return replace(self, tasks=tuple(sorted(tasks, key=lambda task: task.n)))

    @property
    def current_tasks(self) -> tuple[Task, ...]:
        """The steps as they stand: what was re-sent counts once, by its latest task."""
        return tuple(task for task in self.tasks if task.state is not TaskState.CLOSED)

    @property
    def step_tasks(self) -> tuple[Task, ...]:
        """The plan without letter and questions: what the dossier itself needs."""
        return tuple(task for task in self.current_tasks if task.is_plan_step)

    @property
    def awaits_apology(self) -> bool:
        """It went late, and its apology is unsigned."""
        return self.apology is not None and not self.apology.is_signed

    @property
    def current_task(self) -> Task | None:
        """Of the tasks somebody has in hands, the one to be done first; a letter comes after all others."""
        tasks = (task for member in self.family for task in member.tasks)
        open_tasks = [task for task in tasks if task.is_open and task.queued_at and not task.is_question]
        return min(
            open_tasks,
            key=lambda task: (task.is_apology, task.due_at or task.queued_at, task.n),
            default=None,
        )

    @property
    def holder(self) -> Holder | None:
        """Who has it in hands now."""
        first = self.current_task
        if first is None:
            return None
        short = CENTRE_SHORT if first.desk_office == CENTRE else first.office_short
        return Holder(office=first.desk_office, short=short, since=first.queued_at or self.submitted_at)


def root_code(code: str) -> str:
    """The code of the root: a child's is its root's, a point and its number."""
    root, point, number = code.rpartition(".")
    return root if point and number.isdigit() and "-" in root else code


@dataclass(frozen=True, slots=True)
class Cause:
    """What led to a change: the fact, its id, who did it, and when they say it was (kept, never used)."""

    fact: str
    id: str
    actor: Actor
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseUpdate:
    """One record for `case.updates`: the case as this change left it.

    `task` and `reason` are for the history; `moved_from` is the date that this one takes the place of;
    `declined` is why a request had no effect; `alarm` the deadline that led to it;
    `taken_from` the task in whose place `task` was queued; `child` the child that this is about.
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


@dataclass(frozen=True, slots=True)
class TaskDispatch:
    """A task put on a desk, or taken off it: then `why` is set. `child`: the child that it is a task of."""

    task: Task
    close_reason: str | None = None
    child: Case | None = None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What a rule made of a case: the case after it, what to tell the city, what to send to offices."""

    case: Case
    updates: tuple[CaseUpdate, ...]
    dispatches: tuple[TaskDispatch, ...] = field(default=())


def task_dispatches(before: Case, after: Case) -> tuple[TaskDispatch, ...]:
    """Tasks that were put on a desk, or closed under an office's hands, between two moments of a case."""
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
