"""A paper filed with the dossier does the step that would make it: no child is opened for what is there.

Decision 0012 says when a child is filed first and when it is opened at acceptance.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.routing.domain.case import Case, Paper
from services.routing.domain.plan import child_procedure
from services.routing.domain.task import TaskState, done
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.papers import stands_for

FILED = "filed"
"""The outcome of a step that a paper did."""


def kept_papers(procedure: Procedure, papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers worth keeping: none where no step is done by another dossier."""
    return tuple(papers) if procedure.children else ()


def papers_did_it(case: Case, catalogue: Catalogue, at: datetime) -> Case:
    """The case with the steps done whose papers were filed with it."""
    procedure = catalogue.procedure_version(case.procedure, case.version)
    for step in procedure.children if case.papers else ():
        child = child_procedure(case, step.id, catalogue, at)
        if child and stands_for(procedure, child.outcome.document, step.paper_of, case.papers):
            case = _done(case, step.id, at)
    return case


def _done(case: Case, step: str, at: datetime) -> Case:
    tasks = (task for task in case.tasks if task.step == step and task.state is TaskState.WAITING)
    for task in tasks:
        case = case.with_task(replace(done(task, at, FILED), queued_at=at))
    return case
