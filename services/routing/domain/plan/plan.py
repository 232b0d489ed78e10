"""Steps become tasks: of which office, in which order, by when, and who is told."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import RECEIVE, Task, TaskState
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.clock.case_clock import latest_due_at
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.words import text
from shared.catalogue import Catalogue, NoOffice, Office, Procedure, Step
from shared.clock import to_city_time
from shared.events.identifiers import derived_id
from shared.worktime import Limit, Unit, task_due

RECEIVE_TITLE = text("tasks.receive")
INTAKE_STEP = "intake"
"""The step by which an office receives."""

ANSWER_WITHIN = Limit(Unit.WORKING_HOUR, 8)
"""The door's budget; the instant itself comes with the dossier (`answer_by`), as the citizen was told it."""


def plan_tasks(case: Case, catalogue: Catalogue, at: datetime) -> tuple[Task, ...]:
    """The tasks of an accepted case, none handed out yet, each with the day it should be done by.

    A child came in with its root, so no office receives it again. What is planned already keeps its office;
    raises NoOffice for the first other step whose role has none at the dossier's place today.
    """
    procedure = catalogue.procedure_version(case.procedure, case.version)
    steps = procedure.plan(case.facts, without=INTAKE_STEP if case.child_id else None)
    existing_offices = {task.step: task.office for task in case.tasks}
    offices = [
        catalogue.office(existing_offices[step.id])
        if step.id in existing_offices
        else catalogue.office_for(step.role, case.place, procedure, _city_day(at))
        for step in steps
    ]
    window_end = _window_end(case, procedure, catalogue)
    tasks = [_task(case, n, *pair) for n, pair in enumerate(zip(steps, offices, strict=True), start=1)]
    if window_end is not None:
        window_steps = {step.id for step in steps if step.follows_window}
        tasks = [replace(task, until=window_end) if task.step in window_steps else task for task in tasks]
    return projected_due_dates(tasks, case, catalogue, at)


def reception_task(case: Case, answer_by: datetime, catalogue: Catalogue, at: datetime) -> Task:
    """The door's own task: accept or refuse, by when the citizen was told to expect an answer."""
    office = catalogue.office(case.receiving_office)
    task = Task(
        id=next_task_id(case, RECEIVE),
        n=0,
        step=RECEIVE,
        role=office.role,
        title_vi=RECEIVE_TITLE.vi,
        title_en=RECEIVE_TITLE.en,
        office=office.id,
        office_short=office.short,
        after=(),
        limit=ANSWER_WITHIN,
        kind=TaskKind.RECEIVE,
    )
    return _queued_task(task, answer_by, catalogue, at)


def queue_task(task: Task, cap: datetime | None, catalogue: Catalogue, at: datetime) -> Task:
    """The task handed to whoever serves its office today, with its due date. The party stays with it."""
    return _queued_task(task, task_due_at(task, cap, catalogue, at), catalogue, at)


def _queued_task(task: Task, due_at: datetime, catalogue: Catalogue, at: datetime) -> Task:
    party = catalogue.party_of(task.office, _city_day(at))
    return replace(
        task,
        state=TaskState.QUEUED,
        party=party.name,
        to_topic=party.has_topics and not task.is_reception,
        due_at=due_at,
        queued_at=at,
        counts_from=None,
    )


def task_due_at(
    task: Task,
    cap: datetime | None,
    catalogue: Catalogue,
    from_at: datetime,
    known_at: datetime | None = None,
) -> datetime:
    """When a task handed over at this moment is due: its own budget, at most the dossier's due date.

    Once that date is past it bounds nothing: the dossier is late, and this office still gets its own time.
    What follows a project's window is due when that closes; once it is closed, by its budget.
    `known_at`: by the calendar as known then; else as known when it was handed over.
    """
    calendar = catalogue.calendar(catalogue.office(task.office).calendar, known_at or from_at)
    is_capped = cap is not None and not task.excluded and cap >= from_at
    if task.until is not None:
        window_end = calendar.closing(calendar.nth_last(task.until, 1))
        if window_end > from_at:
            return to_city_time(window_end)
    return to_city_time(task_due(calendar, task.limit, from_at, cap if is_capped else None))


def ready_steps(case: Case) -> tuple[Task, ...]:
    """Steps whose turn has come: everything they wait for is done."""
    done_steps = {task.step for task in case.tasks if task.state is TaskState.DONE}
    waiting_tasks = (task for task in case.tasks if task.state is TaskState.WAITING and task.child is None)
    return tuple(task for task in waiting_tasks if done_steps.issuperset(task.after))


def queue_ready_steps(case: Case, catalogue: Catalogue, at: datetime) -> Case:
    """The case with every step queued whose turn has come; none while an apology is owed.

    A step that a child does is marked, and `children.begun` opens the child.
    """
    ready = () if case.awaits_apology else ready_steps(case)
    for task in ready:
        if child_procedure(case, task.step, catalogue, at) is None:
            queued_task = queue_task(task, latest_due_at(case, catalogue, at), catalogue, at)
        else:
            queued_task = _given_to_child(case, task, at)
        case = case.with_task(queued_task)
    return sync_pause(case, catalogue, at)


def _given_to_child(case: Case, task: Task, at: datetime) -> Task:
    child = derived_id(case.root, task.step, "child")
    return replace(task, kind=TaskKind.CHILD, child=child, queued_at=at)


def child_procedure(case: Case, step: str, catalogue: Catalogue, at: datetime) -> Procedure | None:
    """The procedure, as in force today, whose dossier does this step. A child's own steps have none."""
    steps = catalogue.procedure_version(case.procedure, case.version).children
    child = next((child_step.child for child_step in steps if child_step.id == step), None)
    if child is None or case.child_id is not None:
        return None
    with suppress(KeyError):
        return catalogue.procedure(child, _city_day(at))
    return None


def next_task_id(case: Case, step: str) -> UUID:
    """The id of the case's next task for this step.

    Derived, so that a replay makes the very tasks that parties and citizens have already heard of.
    """
    turn = sum(task.step == step for task in case.tasks)
    return derived_id(case.id, step, str(turn))


def _task(case: Case, n: int, step: Step, office: Office) -> Task:
    return Task(
        id=next_task_id(case, step.id),
        n=n,
        step=step.id,
        role=step.role,
        title_vi=step.title_vi,
        title_en=step.title_en,
        office=office.id,
        office_short=office.short,
        after=step.after,
        limit=step.limit,
        excluded=step.excluded,
        pauses=step.pauses_clock,
        actor=step.actor,
        kind=TaskKind(step.kind),
    )


def projected_due_dates(
    tasks: Sequence[Task], case: Case, catalogue: Catalogue, at: datetime
) -> tuple[Task, ...]:
    """Due dates of what waits if every step takes its whole budget; the real ones come with the queueing.

    The dossier's date bounds nothing after a step that will move it.
    """
    ends: dict[str, datetime] = {}
    moving_steps: set[str] = set()
    projected: list[Task] = []
    for task in tasks:
        if task.state is not TaskState.WAITING:
            ends[task.step] = max(at, task.due_at or at) if task.is_open else at
            projected.append(task)
            continue
        begins = max([at, *(ends[name] for name in task.after)])
        cap = None if moving_steps.intersection(task.after) else case.current_due_at
        ends[task.step] = task_due_at(task, cap, catalogue, begins)
        projected.append(replace(task, due_at=ends[task.step]))
        if task.is_outside_limit or cap is None:
            moving_steps.add(task.step)
    return tuple(projected)


def _window_end(case: Case, procedure: Procedure, catalogue: Catalogue) -> date | None:
    project = case.place.get("project")
    if not project:
        return None
    try:
        return catalogue.project(project).window[1]
    except KeyError as error:
        raise NoOffice(procedure.receives, "place.project", f"no such project: {project}") from error


def _city_day(at: datetime) -> date:
    return to_city_time(at).date()
