"""One step given to one office, and what an answer does to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task_kind import BESIDE_THE_PLAN, TaskKind
from services.routing.words import refuse
from shared.actor import Actor
from shared.errors import Refused
from shared.events.steps import Appointment
from shared.worktime import Limit

CENTRE = "PASC"
"""Where an operator sits: what an office gives back lies here."""


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    QUEUED = "queued"
    STARTED = "started"
    DECLINED = "declined"
    DONE = "done"
    CLOSED = "closed"


class TaskAct(StrEnum):
    """What an office says of a task."""

    START = "start"
    COMPLETE = "complete"
    DECLINE = "decline"


class OfficeRequest(StrEnum):
    """What an office asks for from its task; routing judges it."""

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
"""Somebody has it in hands."""

RECEIVE = "receive"
"""The step of the door itself, opened for every dossier that a person must receive."""

LETTER = "letter"
"""The step of the head: an apology for a dossier that went late."""

HEAD = "leader"
"""The role of an office's head."""


@dataclass(frozen=True)
class Task:
    """A step of a plan, its office, and what became of it. `party` is set when it is queued, and stays.

    `limit` is the step's budget; an `excluded` step lies outside the dossier's own limit, and one that
    `pauses` stops its clock. `actor`: the person whose own act it waits for, where it is not the office's.
    `until`: the last day of the project's window that the step follows.
    `child`: the dossier that does the step.
    `part_of`: the step that asks this office a `question`; such a task is no step of the plan.
    `appointment`: the newest time at which the citizen is expected for it.
    `counts_from`: since when its budget counts where that was before it was queued here; None: since then.
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
    moved_to: str | None = None
    part_of: str | None = None
    question: str | None = None
    child: UUID | None = None
    kind: TaskKind = TaskKind.STEP
    appointment: Appointment | None = None

    @property
    def is_done_by_child(self) -> bool:
        """Its turn has come, and a child dossier does it: it waits for that, and is on nobody's desk."""
        return self.kind is TaskKind.CHILD and self.state is TaskState.WAITING

    @property
    def is_open(self) -> bool:
        """Somebody has it in hands."""
        return self.state in OPEN

    @property
    def is_reception(self) -> bool:
        """The door's own task."""
        return self.kind is TaskKind.RECEIVE

    @property
    def is_apology(self) -> bool:
        """An apology to be signed; no step of the plan."""
        return self.kind is TaskKind.LETTER

    @property
    def is_question(self) -> bool:
        """Another office's step asks; no step of the plan."""
        return self.kind is TaskKind.QUESTION

    @property
    def is_plan_step(self) -> bool:
        """The dossier is not finished without it."""
        return self.kind not in BESIDE_THE_PLAN

    @property
    def budget_from(self) -> datetime | None:
        """Since when its budget counts; None: nobody had it in hands yet."""
        return self.counts_from or self.queued_at

    @property
    def is_outside_limit(self) -> bool:
        """The dossier's own limit does not count its time."""
        return self.excluded or self.pauses

    @property
    def desk_office(self) -> str:
        """The office on whose desk it lies: what was declined lies with the Centre."""
        return CENTRE if self.state is TaskState.DECLINED else self.office


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """What an office asks for: all defects and until when, an amount, a rule, days, a date, offices, a time.

    `found`: the facts it reports of the work it has done.
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
"""What is said says it all."""


@dataclass(frozen=True, slots=True)
class TaskReply:
    """What somebody says of a task, by topic or at the desk. `party` is set when a party speaks."""

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
    """An answer that changes nothing, and why: told twice, or told late."""

    reason: str


ActEffect: TypeAlias = "Task | NoEffect | Refused"


def apply_act(task: Task, act: TaskAct, reply: TaskReply, at: datetime) -> ActEffect:
    """What an answer does to its task, by the table below."""
    return ACT_EFFECTS[task.state, act](task, reply, at)


def complete_task(task: Task, at: datetime, outcome: str | None) -> Task:
    """The task, finished. Nobody need have said that it was begun."""
    return replace(
        task, state=TaskState.DONE, started_at=task.started_at or at, done_at=at, outcome=outcome or "done"
    )


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


def _ignore_repeated(*_: object) -> ActEffect:
    return NoEffect("already_applied")


def _ignore_late(*_: object) -> ActEffect:
    return NoEffect("late")


def _refuse_waiting(*_: object) -> ActEffect:
    return refuse("not_yet_queued")


def _refuse_declined(*_: object) -> ActEffect:
    return refuse("already_declined")


def _refuse_completed(*_: object) -> ActEffect:
    return refuse("already_completed")


def _refuse_closed(*_: object) -> ActEffect:
    return refuse("task_closed")


ACT_EFFECTS: dict[tuple[TaskState, TaskAct], Callable[[Task, TaskReply, datetime], ActEffect]] = {
    (TaskState.WAITING, TaskAct.START): _refuse_waiting,
    (TaskState.WAITING, TaskAct.COMPLETE): _refuse_waiting,
    (TaskState.WAITING, TaskAct.DECLINE): _refuse_waiting,
    (TaskState.QUEUED, TaskAct.START): _start,
    (TaskState.QUEUED, TaskAct.COMPLETE): _complete,
    (TaskState.QUEUED, TaskAct.DECLINE): _decline,
    (TaskState.STARTED, TaskAct.START): _ignore_repeated,
    (TaskState.STARTED, TaskAct.COMPLETE): _complete,
    (TaskState.STARTED, TaskAct.DECLINE): _decline,
    (TaskState.DECLINED, TaskAct.START): _refuse_declined,
    (TaskState.DECLINED, TaskAct.COMPLETE): _refuse_declined,
    (TaskState.DECLINED, TaskAct.DECLINE): _ignore_repeated,
    (TaskState.DONE, TaskAct.START): _ignore_late,
    (TaskState.DONE, TaskAct.COMPLETE): _repeat_completion,
    (TaskState.DONE, TaskAct.DECLINE): _refuse_completed,
    (TaskState.CLOSED, TaskAct.START): _refuse_closed,
    (TaskState.CLOSED, TaskAct.COMPLETE): _refuse_closed,
    (TaskState.CLOSED, TaskAct.DECLINE): _refuse_closed,
}
