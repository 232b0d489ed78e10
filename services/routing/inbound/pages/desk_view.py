"""What a desk shows of a task: how much time is left, and how that looks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.routing.domain.acts.reassignment import ReassignMode
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskState
from services.routing.store.desk import DeskRow
from shared.catalogue import Office, Procedure
from shared.worktime import working_days_between

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A row of the desk. `left` is the share of the time that remains."""

    row: DeskRow
    task: Task
    procedure: Procedure
    due_at: datetime
    mark: str
    remaining_share: float
    working_days: int


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A desk, those due first at the top."""

    office: str
    name: str
    now: datetime
    lines: Sequence[DeskLine]
    total: int
    waiting: int

    @property
    def late_count(self) -> int:
        """How many of those shown are late."""
        return sum(line.mark == "late" for line in self.lines)


def desk_line(row: DeskRow, rules: Rules) -> DeskLine:
    """A task as the desk shows it."""
    now = rules.now
    due = row.task.due_at or now
    calendar = rules.calendar_of(row.task.office)
    return DeskLine(
        row=row,
        task=row.task,
        procedure=rules.catalogue.procedure_version(row.procedure, row.version),
        due_at=due,
        mark=urgency_mark(due, row.task.queued_at or now, now),
        remaining_share=remaining_share(due, row.task.queued_at or now, now),
        working_days=working_days_between(calendar, now.date(), due.date()) if due > now else 0,
    )


def urgency_mark(due: datetime, queued: datetime, now: datetime) -> str:
    """Late, soon (a day or a quarter of the time left), or on time."""
    if due < now:
        return "late"
    if due - now < SOON or remaining_share(due, queued, now) < 0.25:
        return "soon"
    return "on_time"


def remaining_share(due: datetime, queued: datetime, now: datetime) -> float:
    """The part of the task's time that is still to come."""
    whole = due - queued
    if whole <= timedelta(0):
        return 0.0
    return min(max((due - now) / whole, 0.0), 1.0)


def desk_acts(line: DeskLine, *, operator: bool, head: bool = False) -> tuple[str, ...]:
    """What can be done from the desk with one click or one form."""
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
        acts += ["decide" if line.row.is_last else "complete", "decline"]
        if head:
            acts.append(ReassignMode.REASSIGN)
    return tuple(acts)


def _operator_acts(task: Task) -> tuple[str, ...]:
    if task.state is TaskState.DECLINED:
        return (ReassignMode.REROUTE,)
    if task.is_open and not (task.is_apology or task.is_reception):
        return (ReassignMode.REQUEUE,)
    return ()


def office_choices(offices: Iterable[Office]) -> list[tuple[str, str]]:
    """Offices to choose from: (code, name with the short name where that differs)."""
    return [(office.id, _full_name(office)) for office in offices]


def _full_name(office: Office) -> str:
    if office.short == office.name_vi:
        return office.name_vi
    return f"{office.name_vi} ({office.short})"
