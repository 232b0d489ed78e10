"""Steps that make a paper which was filed with the dossier are done without any work.

Decision 0012 says which papers count and which child dossiers are opened at acceptance instead.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, FiledPaper
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import TaskState, complete_task
from services.routing.domain.plan.plan import child_procedure
from shared.catalogue import Procedure
from shared.catalogue.model.papers import replaces_step

FILED = "filed"
"""The outcome of a step whose paper was filed already."""


def step_papers(procedure: Procedure, papers: Iterable[FiledPaper]) -> tuple[FiledPaper, ...]:
    """The filed papers to store with the case: none if no step of the procedure makes one."""
    return tuple(papers) if procedure.paper_steps else ()


def complete_steps_by_papers(case: Case, rules: Rules) -> Case:
    """Return the case with the steps completed whose papers were filed with it."""
    procedure = rules.procedure_of(case)
    if not case.papers:
        return case
    for step in procedure.paper_steps:
        child = child_procedure(case, step.id, rules)
        document = child.outcome.document if child else step.makes
        if document and replaces_step(procedure, document, step.paper_of, case.papers):
            case = _complete_step(case, step.id, rules.now)
    return case


def _complete_step(case: Case, step: str, at: datetime) -> Case:
    tasks = (task for task in case.tasks if task.step == step and task.state is TaskState.WAITING)
    for task in tasks:
        case = case.with_task(replace(complete_task(task, at, FILED), queued_at=at))
    return case
