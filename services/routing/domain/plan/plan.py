"""The plan: tasks built from the steps of a procedure, with their offices, order and due dates."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import RECEIVE, Task, TaskState
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.clock.case_clock import latest_due_at
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.words import text
from shared.catalogue import NoOffice, Office, Procedure, Step
from shared.clock import to_city_time
from shared.events.identifiers import derived_id
from shared.worktime import Limit, Unit, task_due

RECEIVE_TITLE = text("tasks.receive")
INTAKE_STEP = "intake"
"""The step of a procedure in which the receiving office accepts."""

ANSWER_WITHIN = Limit(Unit.WORKING_HOUR, 8)
"""The budget of reception. Its due date (`answer_by`) comes with the dossier, as shown to the citizen."""


def plan_tasks(case: Case, rules: Rules) -> tuple[Task, ...]:
    """Plan the tasks of an accepted case: all waiting, with projected due dates.

    A child has no intake step, as its root was received. Steps that are planned already keep their office.
    Raises NoOffice for the first other step whose role has no office at the dossier's place today.
    """
    procedure = rules.procedure_of(case)
    skipped_step = INTAKE_STEP if case.child_id else None
    steps = procedure.plan(case.facts, without=skipped_step)
    offices = [_office_of_step(step, case, procedure=procedure, rules=rules) for step in steps]
    window_end = _window_end(case, procedure, rules)
    tasks: list[Task] = []
    for n, (step, office) in enumerate(zip(steps, offices, strict=True), start=1):
        task = _task(case, n, step=step, office=office)
        if step.follows_window and window_end is not None:
            task = replace(task, until=window_end)
        tasks.append(task)
    return project_due_dates(replace(case, tasks=tuple(tasks)), rules).tasks


def _office_of_step(step: Step, case: Case, procedure: Procedure, rules: Rules) -> Office:
    """The office that has the step already, else the one of its role at the dossier's place today."""
    for task in reversed(case.tasks):
        if task.step == step.id:
            return rules.catalogue.office(task.office)
    return rules.catalogue.office_for(step.role, case.place, procedure, rules.today)


def reception_task(case: Case, answer_by: datetime, rules: Rules) -> Task:
    """The queued task of reception: to accept or refuse by `answer_by`."""
    office = rules.catalogue.office(case.receiving_office)
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
    return _queued_task(task, answer_by, rules)


def queue_task(task: Task, cap: datetime | None, rules: Rules) -> Task:
    """Return the task queued at the party that serves its office today, with its due date."""
    return _queued_task(task, task_due_at(task, cap, rules), rules)


def _queued_task(task: Task, due_at: datetime, rules: Rules) -> Task:
    party = rules.party_of(task.office)
    return replace(
        task,
        state=TaskState.QUEUED,
        party=party.name,
        to_topic=party.has_topics and not task.is_reception,
        due_at=due_at,
        queued_at=rules.now,
        counts_from=None,
    )


def task_due_at(
    task: Task, cap: datetime | None, rules: Rules, begins_at: datetime | None = None
) -> datetime:
    """When a task is due whose budget begins at `begins_at`, else now: after its budget, at latest at `cap`.

    A `cap` that is past bounds nothing: the dossier is late, and the office still gets its own time. A step
    of a project's window is due when that closes; once it is closed, by its budget.
    """
    calendar = rules.calendar_of(task.office)
    begins_at = begins_at or rules.now
    if task.excluded or (cap is not None and cap < begins_at):
        cap = None
    if task.until is not None:
        window_end = calendar.closing(calendar.nth_last(task.until, 1))
        if window_end > begins_at:
            return to_city_time(window_end)
    return to_city_time(task_due(calendar, task.limit, begins_at, cap))


def ready_steps(case: Case) -> tuple[Task, ...]:
    """Waiting tasks whose predecessors are all done."""
    done_steps = {task.step for task in case.tasks if task.state is TaskState.DONE}
    ready: list[Task] = []
    for task in case.tasks:
        is_waiting = task.state is TaskState.WAITING and task.child is None
        if is_waiting and done_steps.issuperset(task.after):
            ready.append(task)
    return tuple(ready)


def queue_ready_steps(case: Case, rules: Rules) -> Case:
    """Return the case with every ready step queued; none while an apology is owed.

    A step that a child does gets the child's id, and `children.start_children` opens the child.
    """
    if case.awaits_apology:
        return sync_pause(case, rules)
    for task in ready_steps(case):
        if child_procedure(case, task.step, rules) is None:
            queued_task = queue_task(task, latest_due_at(case, rules), rules)
        else:
            queued_task = _given_to_child(case, task, rules.now)
        case = case.with_task(queued_task)
    return sync_pause(case, rules)


def _given_to_child(case: Case, task: Task, at: datetime) -> Task:
    child = derived_id(case.root, task.step, "child")
    return replace(task, kind=TaskKind.CHILD, child=child, queued_at=at)


def child_procedure(case: Case, step: str, rules: Rules) -> Procedure | None:
    """The procedure in force today whose child dossier does this step; None for a child's own steps."""
    steps = rules.procedure_of(case).children
    child = next((child_step.child for child_step in steps if child_step.id == step), None)
    if child is None or case.child_id is not None:
        return None
    with suppress(KeyError):
        return rules.catalogue.procedure(child, rules.today)
    return None


def next_task_id(case: Case, step: str) -> UUID:
    """The id of the case's next task for this step.

    It is derived, so that a replay after a restore makes the tasks that parties already know.
    """
    # A step may get several tasks (reassigned, recalled): the count tells them apart.
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


def project_due_dates(case: Case, rules: Rules) -> Case:
    """Return the case with due dates of waiting tasks, as if every step took its whole budget.

    Queueing sets the real ones. The dossier's date is no cap after a step that will move it.
    """
    ends: dict[str, datetime] = {}
    moving_steps: set[str] = set()
    projected: list[Task] = []
    for task in case.tasks:
        if task.state is not TaskState.WAITING:
            ends[task.step] = rules.now
            if task.is_open and task.due_at is not None:
                ends[task.step] = max(rules.now, task.due_at)
            projected.append(task)
            continue
        begins = max([rules.now, *(ends[name] for name in task.after)])
        cap = case.current_due_at
        if moving_steps.intersection(task.after):
            cap = None
        ends[task.step] = task_due_at(task, cap, rules.at(begins))
        projected.append(replace(task, due_at=ends[task.step]))
        if task.is_outside_limit or cap is None:
            moving_steps.add(task.step)
    return replace(case, tasks=tuple(projected))


def _window_end(case: Case, procedure: Procedure, rules: Rules) -> date | None:
    project = case.place.get("project")
    if not project:
        return None
    try:
        return rules.catalogue.project(project).window[1]
    except KeyError as error:
        raise NoOffice(procedure.receives, "place.project", f"no such project: {project}") from error
