"""Answers of the HTTP API about time, tasks and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.routing.domain.case.case import Case, root_code
from services.routing.domain.case.task import Task
from services.routing.domain.case.task_kind import TaskKind
from services.routing.store.desk import DeskRow
from services.routing.usecases.act_on_tasks import ActResult
from shared.catalogue import Catalogue
from shared.same_fields import same_fields
from shared.web.answers.answer import Answer


class CityTimeAnswer(Answer):
    """The city's time. `standing`: whether the clock is stopped and moves only when set, as in a demo."""

    now: datetime
    standing: bool


class AppointmentAnswer(Answer):
    """The last proposed appointment. `missed`: how many appointments of this task the citizen missed."""

    at: datetime
    missed: int
    missed_at: datetime | None
    came_at: datetime | None


class TaskAnswer(Answer):
    """One task. `office`: the office of its step; `desk`: the office that has it now. Times are in city time.

    `kind`: receive (completed at the counter), step, appointment (the citizen comes in person), question (of
    another office), letter (an apology to sign). `party`: the agency that it was queued at.
    `outcomes`: the words of which one ends it; with none it is completed without an outcome.
    `excluded`: the dossier's limit does not count its time. `actor`: the person whose own act it waits for.
    `code`: of the root dossier. `child`: the code of the child dossier that has the task, if any;
    `dossier_id` and `procedure` are then the child's.
    """

    task_id: UUID
    dossier_id: UUID
    code: str
    procedure: str
    kind: str
    step: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    desk: str
    party: str | None
    state: str
    due_at: datetime | None
    queued_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    outcome: str | None
    reason: str | None
    excluded: bool
    actor: str | None
    child: str | None
    outcomes: list[str]
    appointment: AppointmentAnswer | None = None


OF_TASK = same_fields(TaskAnswer, Task, beside=("kind", "child", "outcomes"))


class TaskList(Answer):
    """A page of tasks by due date. `next`: the value of `after` for the next page; null on the last."""

    tasks: list[TaskAnswer]
    next: str | None = None


class NextDue(Answer):
    """The next due date of an open task, and the next deadline of any clock; null if there is none.

    Deadlines are warnings, breaches and escalations.
    """

    now: datetime
    next_due_at: datetime | None
    next_deadline_at: datetime | None = None


class DueDay(Answer):
    """A day in the city on which the answers of `dossiers` and the work of `tasks` fall due."""

    day: date
    dossiers: int
    tasks: int


class DueBetween(Answer):
    """What falls due after the city's time and until an instant, by day; days without any are left out."""

    now: datetime
    until: datetime
    days: list[DueDay]


class WaitingDossier(Answer):
    """An open dossier. `holder`: the office that has its current task."""

    code: str
    holder: str | None
    state: str


class CaseCounts(Answer):
    """Numbers of cases by state, and a page of the open ones. `next`: the value of `after` for the next page.

    `completed` includes those handed over.
    """

    open: int
    completed: int
    refused: int
    by_state: dict[str, int]
    waiting: list[WaitingDossier]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class TaskDossier:
    """The dossier of a task: its id and procedure, the root's code, and for a child its own code."""

    id: UUID
    code: str
    procedure: str
    child: str | None = None


def task_answer(task: Task, dossier: TaskDossier, outcomes: Sequence[str] = ()) -> TaskAnswer:
    """The answer for a task that ends in one of these outcomes."""
    return TaskAnswer(
        **OF_TASK(task),
        task_id=task.id,
        dossier_id=dossier.id,
        code=dossier.code,
        procedure=dossier.procedure,
        child=dossier.child,
        kind=_kind(task),
        desk=task.desk_office,
        outcomes=list(outcomes),
    )


def _kind(task: Task) -> str:
    return TaskKind.STEP if task.kind is TaskKind.CHILD else task.kind


def act_answer(result: ActResult) -> TaskAnswer:
    """The answer for the task after an act."""
    return task_answer(result.task, task_dossier(result.case), result.outcomes)


def task_dossier(case: Case) -> TaskDossier:
    """The dossier of this case's tasks."""
    child = case.code if case.child_id else None
    return TaskDossier(case.id, root_code(case.code), case.procedure, child)


def desk_row_answer(row: DeskRow, catalogue: Catalogue) -> TaskAnswer:
    """The answer for a row of a desk."""
    step = catalogue.procedure_version(row.procedure, row.version).find_step(row.task.step)
    dossier = TaskDossier(row.dossier_id, row.code, row.procedure, row.child)
    return task_answer(row.task, dossier, step.outcomes if step else ())


def waiting_answer(case: Case) -> WaitingDossier:
    """The answer for an open case and its holder."""
    holder = case.holder
    return WaitingDossier(code=case.code, holder=holder.office if holder else None, state=case.state.value)
