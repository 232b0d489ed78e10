"""Findings of an office: facts that no form asks for, and the steps that they add to the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.plan import plan
from services.routing.words import refuse, text
from shared.catalogue import Fact, NoOffice
from shared.errors import Refused

BY_OFFICE = "office"


def reportable_facts(case: Case, task: Task, rules: Rules) -> tuple[Fact, ...]:
    """Facts that a step may report when it is done: those that a step right after it depends on."""
    if not task.is_plan_step:
        return ()
    procedure = rules.procedure_of(case)
    planned_steps = {other.step for other in case.current_tasks}
    facts: dict[str, Fact] = {}
    for step in procedure.steps:
        if step.when is None or task.step not in step.after or step.id in planned_steps:
            continue
        fact = rules.catalogue.fact(step.when.fact)
        if fact.told_by == BY_OFFICE:
            facts[fact.name] = fact
    return tuple(facts.values())


def apply_findings(case: Case, task: Task, names: Sequence[str], rules: Rules) -> Case | Refused:
    """Return the case with the steps that these facts add; waiting steps after them wait for them too."""
    reportable = {fact.name for fact in reportable_facts(case, task, rules)}
    forbidden = next((name for name in names if name not in reportable), None)
    if forbidden is not None:
        return refuse(
            "not_yours_to_find", fact=forbidden, known=", ".join(sorted(reportable)) or text("terms.nothing")
        )
    facts = {**_known_facts(case, rules), **dict.fromkeys(names, True)}
    try:
        planned_tasks = plan.plan_tasks(replace(case, facts=facts), rules)
    except NoOffice as missing:
        return refuse("no_office_yet", role=missing.role, field=missing.field)
    planned_by_step = {planned.step: planned for planned in planned_tasks}
    tasks = [_renumber(existing, planned_by_step) for existing in case.tasks]
    existing_steps = {existing.step for existing in case.tasks}
    tasks += [planned for planned in planned_tasks if planned.step not in existing_steps]
    tasks.sort(key=lambda planned: planned.n)
    return plan.project_due_dates(replace(case, tasks=tuple(tasks)), rules)


def _known_facts(case: Case, rules: Rules) -> Mapping[str, object]:
    """Facts of the form, and earlier findings: those follow from the steps that they added."""
    planned_steps = {task.step for task in case.tasks}
    procedure = rules.procedure_of(case)
    facts: dict[str, object] = {}
    for step in procedure.steps:
        if step.when and step.id in planned_steps:
            facts[step.when.fact] = step.when.equals
    return {**facts, **case.facts}


def _renumber(task: Task, steps: Mapping[str, Task]) -> Task:
    """Move a task to its place in the wider plan; a waiting one also waits for its new predecessors."""
    planned = steps.get(task.part_of or task.step)
    if planned is None:
        return task
    if task.state is not TaskState.WAITING:
        return replace(task, n=planned.n)
    return replace(task, n=planned.n, after=planned.after)
