"""A task: one step given to one office, and how the office's acts change it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from services.routing.domain.case.task_kind import BESIDE_THE_PLAN, TaskKind
from services.routing.words import refuse
from shared.actor import Actor
from shared.errors import Refused
from shared.events.steps import Appointment
from shared.outcomes import WITHOUT_RESULT
from shared.worktime import Limit

CENTRE = "PASC"
"""The one-stop centre, the operators' office. Declined tasks lie on its desk."""


class TaskState(StrEnum):
    """The states of a task."""

    WAITING = "waiting"
    QUEUED = "queued"
    STARTED = "started"
    DECLINED = "declined"
    DONE = "done"
    CLOSED = "closed"


class TaskAct(StrEnum):
    """Acts of an office that change the state of its task."""

    START = "start"
    COMPLETE = "complete"
    DECLINE = "decline"


class OfficeRequest(StrEnum):
    """Acts of an office beside start, complete and decline; routing judges each by a rule."""

    SUPPLEMENT = "ask-supplement"
    PAYMENT = "ask-payment"
    WAIVER = "waive-fee"
    STOP = "ask-stop"
    CONFIRMED_STOP = "confirm-stop"
    RECALL = "recall"
    EXTENSION = "extend"
    SIGNATURE = "sign"
    OFFICES = "ask-offices"
    CLOSED_QUERY = "close-query"
    APPOINTMENT = "propose-appointment"
    ARRIVAL = "record-arrival"
    ABSENCE = "record-absence"


OPEN = frozenset({TaskState.QUEUED, TaskState.STARTED, TaskState.DECLINED})
"""States in which a task lies on a desk."""

RECEIVE = "receive"
"""The step of reception, opened for every dossier that an officer must accept or refuse."""

LETTER = "letter"
"""The step of the office's head: to sign the apology for a late dossier."""

HEAD = "leader"
"""The role of an office's head."""


@dataclass(frozen=True)
class Task:
    """A step of a plan, its office and its outcome. `party` is set when it is queued, and never changes.

    `limit`: the step's own budget. `excluded`: the dossier's limit does not count its time; `pauses`: the
    dossier's clock stops meanwhile. `actor`: the person whose own act it waits for, where no office acts.
    `until`: the last day of the project's window that the step follows. `child`: the dossier that does it.
    `part_of`: the step that asks this office a `question`; such a task is no step of the plan.
    `appointment`: the newest time at which the citizen is expected for it.
    `reason`: why it was declined or denied, or the answer to a question; `basis`: the rule behind a denial.
    `counts_from`: when its budget began, if before `queued_at`.
    """

    id: UUID
    n: int
    step: str
    role: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    after: tuple[str, ...]
    limit: Limit
    excluded: bool = False
    pauses: bool = False
    actor: str | None = None
    until: date | None = None
    state: TaskState = TaskState.WAITING
    party: str | None = None
    to_topic: bool = False
    due_at: datetime | None = None
    queued_at: datetime | None = None
    counts_from: datetime | None = None
    started_at: datetime | None = None
    done_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    basis: str | None = None
    moved_to: str | None = None
    part_of: str | None = None
    question: str | None = None
    child: UUID | None = None
    kind: TaskKind = TaskKind.STEP
    appointment: Appointment | None = None

    @property
    def is_done_by_child(self) -> bool:
        """Whether a child dossier does the step; the task then lies on no desk."""
        return self.kind is TaskKind.CHILD and self.state is TaskState.WAITING

    @property
    def is_open(self) -> bool:
        """Whether it lies on a desk."""
        return self.state in OPEN

    @property
    def is_reception(self) -> bool:
        """Whether it is the task of receiving the dossier."""
        return self.kind is TaskKind.RECEIVE

    @property
    def is_apology(self) -> bool:
        """Whether it is an apology to sign; such a task is no step of the plan."""
        return self.kind is TaskKind.LETTER

    @property
    def is_question(self) -> bool:
        """Whether another step asks this office; such a task is no step of the plan."""
        return self.kind is TaskKind.QUESTION

    @property
    def is_plan_step(self) -> bool:
        """Whether the dossier cannot be completed before this task is done."""
        return self.kind not in BESIDE_THE_PLAN

    @property
    def budget_from(self) -> datetime | None:
        """When its budget began; None before it is queued."""
        return self.counts_from or self.queued_at

    @property
    def is_outside_limit(self) -> bool:
        """Whether the dossier's limit does not count its time."""
        return self.excluded or self.pauses

    @property
    def desk_office(self) -> str:
        """The office on whose desk it lies: the Centre for a declined task."""
        return CENTRE if self.state is TaskState.DECLINED else self.office


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """The parameters of an office's act; the act's rule says which are required.

    `approved_by`: the name of the head who signs or approves.
    `items` and `answer_by`: papers and until when; `amount`: in đồng; `rule`: of a waiver; `days`: working
    days of an extension; `new_day`: of an apology; `offices`: those to ask; `findings`: names of facts found
    during the work; `meet_at`: the time of an appointment.
    """

    items: tuple[str, ...] = ()
    answer_by: datetime | None = None
    basis: str | None = None
    approved_by: str | None = None
    amount: int | None = None
    rule: str | None = None
    days: int | None = None
    new_day: date | None = None
    offices: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    meet_at: datetime | None = None


NO_DETAILS = RequestDetails()
"""No parameters."""


@dataclass(frozen=True, slots=True)
class TaskReply:
    """An act on a task, by topic or at the desk. `party` is set when a party's own system sent it."""

    task_id: UUID
    act: TaskAct | OfficeRequest
    office: str
    actor: Actor
    cause: str
    cause_id: str
    party: str | None = None
    outcome: str | None = None
    reason: str | None = None
    stated_at: datetime | None = None
    details: RequestDetails = NO_DETAILS


@dataclass(frozen=True, slots=True)
class NoEffect:
    """The result of an act that changes nothing. `reason`: `already_applied` or `late`."""

    reason: str


ActEffect: TypeAlias = "Task | NoEffect | Refused"
TaskRule: TypeAlias = Callable[[Task, TaskReply, datetime], ActEffect]


def apply_act(task: Task, act: TaskAct, reply: TaskReply, at: datetime) -> ActEffect:
    """Apply an act to its task, by the table `ACT_EFFECTS`."""
    return ACT_EFFECTS[task.state, act](task, reply, at)


def complete_task(task: Task, at: datetime, outcome: str | None) -> Task:
    """Return the task completed. A task that was never started counts as started now."""
    return replace(
        task,
        state=TaskState.DONE,
        started_at=task.started_at or at,
        done_at=at,
        outcome=outcome or WITHOUT_RESULT,
    )


def close_task(task: Task) -> Task:
    """Return the task closed; a task that is done stays so."""
    return task if task.state is TaskState.DONE else replace(task, state=TaskState.CLOSED)


def _start(task: Task, _: TaskReply, at: datetime) -> ActEffect:
    return replace(task, state=TaskState.STARTED, started_at=at)


def _complete(task: Task, reply: TaskReply, at: datetime) -> ActEffect:
    return complete_task(task, at, reply.outcome)


def _decline(task: Task, reply: TaskReply, _: datetime) -> ActEffect:
    return replace(task, state=TaskState.DECLINED, reason=reply.reason)


def _repeat_completion(task: Task, reply: TaskReply, _: datetime) -> ActEffect:
    if reply.outcome and reply.outcome != task.outcome:
        return refuse("contradicts_earlier", outcome=task.outcome or "")
    return NoEffect("already_applied")


def _without_effect(reason: str) -> TaskRule:
    return lambda *_: NoEffect(reason)


def _refusing(code: str) -> TaskRule:
    return lambda *_: refuse(code)


# Parties' topics deliver at least once, so every act may arrive again, and late: each pair needs an answer.
ACT_EFFECTS: dict[tuple[TaskState, TaskAct], TaskRule] = {
    (TaskState.WAITING, TaskAct.START): _refusing("not_yet_queued"),
    (TaskState.WAITING, TaskAct.COMPLETE): _refusing("not_yet_queued"),
    (TaskState.WAITING, TaskAct.DECLINE): _refusing("not_yet_queued"),
    (TaskState.QUEUED, TaskAct.START): _start,
    (TaskState.QUEUED, TaskAct.COMPLETE): _complete,
    (TaskState.QUEUED, TaskAct.DECLINE): _decline,
    (TaskState.STARTED, TaskAct.START): _without_effect("already_applied"),
    (TaskState.STARTED, TaskAct.COMPLETE): _complete,
    (TaskState.STARTED, TaskAct.DECLINE): _decline,
    (TaskState.DECLINED, TaskAct.START): _refusing("already_declined"),
    (TaskState.DECLINED, TaskAct.COMPLETE): _refusing("already_declined"),
    (TaskState.DECLINED, TaskAct.DECLINE): _without_effect("already_applied"),
    (TaskState.DONE, TaskAct.START): _without_effect("late"),
    (TaskState.DONE, TaskAct.COMPLETE): _repeat_completion,
    (TaskState.DONE, TaskAct.DECLINE): _refusing("already_completed"),
    (TaskState.CLOSED, TaskAct.START): _refusing("task_closed"),
    (TaskState.CLOSED, TaskAct.COMPLETE): _refusing("task_closed"),
    (TaskState.CLOSED, TaskAct.DECLINE): _refusing("task_closed"),
}
