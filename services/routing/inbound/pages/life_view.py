"""Tables of the page of one dossier: its tasks and its deadlines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.deadlines.deadlines import NextDeadline, running_clocks
from shared.actor import Actor

STATE_MARKS = {
    TaskState.DONE: "done",
    TaskState.CLOSED: "paused",
    TaskState.WAITING: "silent",
    TaskState.DECLINED: "waiting",
    TaskState.QUEUED: "on_time",
    TaskState.STARTED: "on_time",
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of the dossier, or of the child `child_code`. `href`: its page, if the actor may open it."""

    task: Task
    child_code: str | None
    href: str | None
    mark: str
    is_late: bool


def task_rows(case: Case, actor: Actor, now: datetime) -> list[TaskRow]:
    """Rows for all tasks of the dossier and its children."""
    return [_task_row(member, task, actor, now) for member, task in case.family_tasks]


def _task_row(member: Case, task: Task, actor: Actor, now: datetime) -> TaskRow:
    is_late = _is_late(member, task, now)
    return TaskRow(
        task=task,
        child_code=member.code if member.child_id else None,
        href=f"/desk/tasks/{task.id}" if _may_act(task, actor) else None,
        mark="late" if is_late else STATE_MARKS[task.state],
        is_late=is_late,
    )


def _is_late(member: Case, task: Task, now: datetime) -> bool:
    """Whether it was done late, or its clock runs and has passed; while others are awaited none runs."""
    if task.due_at is None:
        return False
    if task.is_open and task.due_at < now:
        return any(clock.about == task.id for clock in running_clocks(member))
    return task.done_at is not None and task.done_at > task.due_at


def _may_act(task: Task, actor: Actor) -> bool:
    if task.is_open and actor.role == "operator":
        return True
    return task.queued_at is not None and actor.office == task.office


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline that has fired (then `alarm` is set), or is to come.

    `subject`: task, request (the citizen's answer), new_date, child (the one of `child_code`) or dossier.
    """

    at: datetime
    level: str
    scope: str
    subject: str
    task: Task | None
    child_code: str | None
    due_at: datetime
    alarm: FiredDeadline | None


def alarm_rows(case: Case, tasks: Mapping[UUID, Task]) -> list[DeadlineRow]:
    """Rows for the fired deadlines, oldest first."""
    alarms = sorted(
        (alarm for member in case.family for alarm in member.alarms), key=lambda alarm: alarm.fired_at
    )
    return [_alarm_row(alarm, case, tasks) for alarm in alarms]


def _alarm_row(alarm: FiredDeadline, case: Case, tasks: Mapping[UUID, Task]) -> DeadlineRow:
    task = tasks.get(alarm.about)
    child_code = _child_code(case, alarm.about)
    return DeadlineRow(
        at=alarm.fired_at,
        level=alarm.level.value,
        scope=alarm.scope.value,
        subject=_subject(task, alarm.scope.value, child_code),
        task=task,
        child_code=child_code,
        due_at=alarm.due_at,
        alarm=alarm,
    )


def coming_rows(case: Case, deadlines: Sequence[NextDeadline]) -> list[DeadlineRow]:
    """Rows for the coming deadlines, in the given order."""
    return [_coming_row(case, deadline) for deadline in deadlines]


def _coming_row(case: Case, deadline: NextDeadline) -> DeadlineRow:
    clock = deadline.clock
    child_code = _child_code(case, clock.about)
    return DeadlineRow(
        at=deadline.at,
        level=deadline.level.value,
        scope=clock.scope.value,
        subject=_subject(clock.task, clock.scope.value, child_code),
        task=clock.task,
        child_code=child_code,
        due_at=clock.due_at,
        alarm=None,
    )


def _subject(task: Task | None, scope: str, child_code: str | None) -> str:
    if task is not None:
        return "task"
    if scope in {"request", "new_date"}:
        return scope
    if child_code:
        return "child"
    return "dossier"


def _child_code(case: Case, subject_id: UUID) -> str | None:
    return next((child.code for child in case.children if child.id == subject_id), None)
