"""A date counted again because the calendar changed: what moved, and who hears of it."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import Task
from services.routing.domain.clock import case_clock
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from services.routing.domain.plan import plan
from shared.catalogue import Catalogue
from shared.events.case import MOVED, UPDATED


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A dossier whose date moves."""

    code: str
    office: str
    before: datetime
    after: datetime

    @property
    def calendar_days(self) -> int:
        """By how many days of the wall calendar."""
        return (self.after.date() - self.before.date()).days


def recompute_dates(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """The case by the calendar as known now; None where nothing differs. What was promised never changes.

    Citizens are told of a moved date only. A count that differs and comes to the same day is for the page.
    """
    after = _recompute_tasks(case_clock.clock_by_calendar(case, catalogue, at), catalogue, at)
    if after == case:
        return None
    shift = date_shift(case, after)
    update = CaseUpdate(
        MOVED if shift else UPDATED, after, cause, at, previous_due_at=shift.before if shift else None
    )
    return CaseChange(after, (update,))


def date_shift(before: Case, after: Case) -> MovedDate | None:
    """How a dossier's date moved between two readings. A pause has no date to move."""
    old, new = before.current_due_at, after.current_due_at
    if old is None or new is None or old == new:
        return None
    return MovedDate(before.code, before.receiving_office, old, new)


def _recompute_tasks(case: Case, catalogue: Catalogue, at: datetime) -> Case:
    """Each open task by its own budget; where the clock ever waited, so did they."""
    if case.ledger:
        return recompute_task_deadlines(case, catalogue, at)
    tasks = tuple(
        _recompute_task(task, case, catalogue, at) if _is_recomputed(task) else task for task in case.tasks
    )
    return case if tasks == case.tasks else replace(case, tasks=tasks)


def _is_recomputed(task: Task) -> bool:
    """A letter keeps the noon it was given."""
    return task.is_open and not task.is_apology


def _recompute_task(task: Task, case: Case, catalogue: Catalogue, at: datetime) -> Task:
    begins_at = task.budget_from or at
    due_at = plan.task_due_at(task, case.current_due_at, catalogue, begins_at, known_at=at)
    return task if due_at == task.due_at else replace(task, due_at=due_at)
