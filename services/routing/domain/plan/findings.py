"""What an office finds out while it works: facts no form asks for, and the steps that they open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.routing.domain.case.case import Case
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.plan import plan
from services.routing.words import refuse, text
from shared.catalogue import Catalogue, Fact, NoOffice
from shared.errors import Refused

BY_OFFICE = "office"


def reportable_facts(case: Case, task: Task, catalogue: Catalogue) -> tuple[Fact, ...]:
    """The facts a step may report when it is done: those on which a step right after it depends."""
    if not task.is_plan_step:
        return ()
    procedure = catalogue.procedure_version(case.procedure, case.version)
    planned_steps = {other.step for other in case.current_tasks}
    candidates = [
        step
        for step in procedure.steps
        if step.when and task.step in step.after and step.id not in planned_steps
    ]
    facts = (
        catalogue.fact(name) for name in dict.fromkeys(step.when.fact for step in candidates if step.when)
    )
    return tuple(fact for fact in facts if fact.told_by == BY_OFFICE)


def apply_findings(
    case: Case, task: Task, names: Sequence[str], catalogue: Catalogue, at: datetime
) -> Case | Refused:
    """The case with the steps these facts open; what waits to follow them waits for them too."""
    reportable = {fact.name for fact in reportable_facts(case, task, catalogue)}
    forbidden = next((name for name in names if name not in reportable), None)
    if forbidden is not None:
        return refuse(
            "not_yours_to_find", fact=forbidden, known=", ".join(sorted(reportable)) or text("terms.nothing")
        )
    facts = {**_known_facts(case, catalogue), **dict.fromkeys(names, True)}
    try:
        planned_tasks = {
            planned.step: planned for planned in plan.plan_tasks(replace(case, facts=facts), catalogue, at)
        }
    except NoOffice as missing:
        return refuse("no_office_yet", role=missing.role, field=missing.field)
    existing_steps = {existing.step for existing in case.tasks}
    new_tasks = [planned for planned in planned_tasks.values() if planned.step not in existing_steps]
    tasks = sorted(
        (*(_renumber(existing, planned_tasks) for existing in case.tasks), *new_tasks),
        key=lambda planned: planned.n,
    )
    return replace(case, tasks=plan.projected_due_dates(tasks, case, catalogue, at))


def _known_facts(case: Case, catalogue: Catalogue) -> Mapping[str, object]:
    """What the form said, and what offices found before: that is told by the steps it opened."""
    planned_steps = {task.step for task in case.tasks}
    procedure = catalogue.procedure_version(case.procedure, case.version)
    opened = {
        step.when.fact: step.when.equals for step in procedure.steps if step.when and step.id in planned_steps
    }
    return {**opened, **case.facts}


def _renumber(task: Task, steps: Mapping[str, Task]) -> Task:
    """Its place in the wider plan; a step not handed out yet also waits for what now comes before it."""
    planned = steps.get(task.part_of or task.step)
    if planned is None:
        return task
    if task.state is not TaskState.WAITING:
        return replace(task, n=planned.n)
    return replace(task, n=planned.n, after=planned.after)
