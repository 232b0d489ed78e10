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
    if task.is_question:
        return ()
    procedure = catalogue.procedure_version(case.procedure, case.version)
    here = {one.step for one in case.current_tasks}
    open_to = [s for s in procedure.steps if s.when and task.step in s.after and s.id not in here]
    facts = (catalogue.fact(name) for name in dict.fromkeys(s.when.fact for s in open_to if s.when))
    return tuple(fact for fact in facts if fact.told_by == BY_OFFICE)


def apply_findings(
    case: Case, task: Task, names: Sequence[str], catalogue: Catalogue, at: datetime
) -> Case | Refused:
    """The case with the steps these facts open; what waits to follow them waits for them too."""
    may = {fact.name for fact in reportable_facts(case, task, catalogue)}
    wrong = next((name for name in names if name not in may), None)
    if wrong is not None:
        return refuse("not_yours_to_find", fact=wrong, known=", ".join(sorted(may)) or text("terms.nothing"))
    facts = {**_known(case, catalogue), **dict.fromkeys(names, True)}
    try:
        wider = {one.step: one for one in plan.plan_tasks(replace(case, facts=facts), catalogue, at)}
    except NoOffice as missing:
        return refuse("no_office_yet", role=missing.role, field=missing.field)
    here = {one.step for one in case.tasks}
    opened = [one for one in wider.values() if one.step not in here]
    tasks = sorted((*(_in_the_plan(one, wider) for one in case.tasks), *opened), key=lambda one: one.n)
    return replace(case, tasks=plan.projected_due_dates(tasks, case, catalogue, at))


def _known(case: Case, catalogue: Catalogue) -> Mapping[str, object]:
    """What the form said, and what offices found before: that is told by the steps it opened."""
    here = {one.step for one in case.tasks}
    procedure = catalogue.procedure_version(case.procedure, case.version)
    opened = {s.when.fact: s.when.equals for s in procedure.steps if s.when and s.id in here}
    return {**opened, **case.facts}


def _in_the_plan(task: Task, steps: Mapping[str, Task]) -> Task:
    """Its place in the wider plan; a step not handed out yet also waits for what now comes before it."""
    placed = steps.get(task.part_of or task.step)
    if placed is None:
        return task
    if task.state is not TaskState.WAITING:
        return replace(task, n=placed.n)
    return replace(task, n=placed.n, after=placed.after)
