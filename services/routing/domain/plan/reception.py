"""Reception kept open after acceptance, so that a dossier that must wait has a holder and a deadline."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.plan import plan
from services.routing.domain.plan.start_processing import finish_task


def reopen_reception(before: Case, accepted: Case, due_at: datetime, rules: Rules) -> Case:
    """Return the case with reception open again; a new reception task if a rule accepted the dossier."""
    reception = plan.reception_task(accepted, due_at, rules)
    for task in before.tasks:
        if task.is_reception:
            return accepted.with_task(replace(reception, id=task.id, n=task.n))
    return accepted.with_new_tasks(reception)


def is_reception_open(case: Case) -> bool:
    """Whether the task of reception is open."""
    return any(task.is_reception and task.is_open for task in case.tasks)


def close_reception(case: Case, at: datetime) -> Case:
    """Return the case with reception completed; an apology stays."""
    for task in case.tasks:
        if task.is_reception:
            case = case.with_task(finish_task(task, at, "accepted"))
    return case
