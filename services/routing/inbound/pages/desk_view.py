"""View of tasks on a desk: remaining time, marks, and available acts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.routing.domain.acts.reassignment import ReassignMode
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskState
from services.routing.store.desk import DeskRow
from shared.catalogue import Office, Procedure
from shared.outcomes import StepOutcome
from shared.worktime import working_days_between, working_seconds

SOON = timedelta(hours=24)
LATE, PAUSED, DONE = "late", "paused", "done"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A row of the desk. `remaining_share`: 0 to 1; `working_days`: whole days until the due date.

    `outcomes`: the words of which one ends the task. `late_minutes`: working minutes since the due date; None
    if it has not passed, or is not this office's.
    """

    row: DeskRow
    task: Task
    procedure: Procedure
    due_at: datetime
    mark: str
    remaining_share: float
    working_days: int
    outcomes: tuple[StepOutcome, ...]
    late_minutes: int | None = None

    @property
    def is_paused(self) -> bool:
        """Whether the citizen or another person must act first."""
        return self.mark == PAUSED


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A desk with its tasks, those due first at the top.

    `total`: the number of open tasks. `waiting`: dossiers with a later step of this office.
    """

    office: str
    name: str
    now: datetime
    lines: Sequence[DeskLine]
    total: int
    waiting: int

    @property
    def next_line(self) -> DeskLine | None:
        """The first task that the office can work on now; None if all wait for others."""
        return next((line for line in self.lines if not line.is_paused), None)

    @property
    def late_count(self) -> int:
        """The number of late tasks among the lines."""
        return sum(line.mark == "late" for line in self.lines)


def desk_line(row: DeskRow, rules: Rules) -> DeskLine:
    """The row of the desk for a task."""
    now = rules.now
    due = row.task.due_at or now
    calendar = rules.calendar_of(row.task.office)
    procedure = rules.catalogue.procedure_version(row.procedure, row.version)
    step = procedure.find_step(row.task.step)
    mark = task_mark(row, now)
    late_minutes = None
    if mark == LATE:
        late_minutes = working_seconds(calendar, due, now) // 60
    return DeskLine(
        row=row,
        task=row.task,
        procedure=procedure,
        due_at=due,
        mark=mark,
        remaining_share=remaining_share(due, row.task.queued_at or now, now),
        working_days=working_days_between(calendar, now.date(), due.date()) if due > now else 0,
        outcomes=step.outcomes if step else (),
        late_minutes=late_minutes,
    )


def task_mark(row: DeskRow, now: datetime) -> str:
    """`done` or `paused` where no time runs against the office, else by the time that is left."""
    task = row.task
    if not task.is_open:
        return DONE
    if not row.is_offices_turn:
        return PAUSED
    return urgency_mark(task.due_at or now, task.queued_at or now, now)


def urgency_mark(due: datetime, queued: datetime, now: datetime) -> str:
    """`late`, `soon` (less than a day or a quarter of the time is left) or `on_time`."""
    if due < now:
        return "late"
    if due - now < SOON or remaining_share(due, queued, now) < 0.25:
        return "soon"
    return "on_time"


def remaining_share(due: datetime, queued: datetime, now: datetime) -> float:
    """The share of a task's time that remains, from 0 (due or late) to 1 (just queued)."""
    whole = due - queued
    if whole <= timedelta(0):
        return 0.0
    return min(max((due - now) / whole, 0.0), 1.0)


def desk_acts(line: DeskLine, *, operator: bool, head: bool = False) -> tuple[str, ...]:
    """The names of the acts that the desk offers on a task."""
    if operator:
        return _operator_acts(line.task)
    acts: list[str] = []
    if not line.task.is_open or line.task.state is TaskState.DECLINED:
        return ()
    if line.task.is_apology:
        if head:
            acts.append("sign")
    elif line.task.is_reception:
        if not line.row.waits_for_an_office:
            acts.append("counter")
    else:
        if line.task.state is TaskState.QUEUED:
            acts.append("start")
        if not line.row.waits_for_own_request:
            acts.append("decide" if asks_for_words(line) else "complete")
        acts.append("decline")
        if head:
            acts.append(ReassignMode.REASSIGN)
    return tuple(acts)


def asks_for_words(line: DeskLine) -> bool:
    """Whether the officer ends the task on its own page: by an outcome, or by the answer to a question."""
    return line.task.is_question or bool(line.outcomes)


def _operator_acts(task: Task) -> tuple[str, ...]:
    if task.state is TaskState.DECLINED:
        return (ReassignMode.REROUTE,)
    if task.is_open and not (task.is_apology or task.is_reception):
        return (ReassignMode.REQUEUE,)
    return ()


def office_choices(offices: Iterable[Office]) -> list[tuple[str, str]]:
    """Options of a list of offices: (code, name). The short name is added where it differs."""
    return [(office.id, _full_name(office)) for office in offices]


def _full_name(office: Office) -> str:
    if office.short == office.name_vi:
        return office.name_vi
    return f"{office.name_vi} ({office.short})"
