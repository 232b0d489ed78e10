"""Due dates computed again after a change of the calendar."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task
from services.routing.domain.clock import case_clock
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from services.routing.domain.plan import plan
from shared.events.case import DEADLINE_SET, MOVED, UPDATED


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A dossier whose due date moves."""

    code: str
    office: str
    before: datetime
    after: datetime

    @property
    def calendar_days(self) -> int:
        """The number of calendar days between the two dates; negative if the new one is earlier."""
        return (self.after.date() - self.before.date()).days


def recompute_dates(case: Case, cause: Cause, rules: Rules) -> CaseChange | None:
    """Compute the dates of a case by the calendar known now; None if nothing changes.

    The promised date never changes, but one that could not be given at acceptance is given now. Citizens are
    notified only of that, and of a due date that moved.
    """
    counted = _with_first_promise(case_clock.clock_by_calendar(case, rules), rules)
    after = _recompute_tasks(counted, rules)
    if after == case:
        return None
    if after.promised_due_at != case.promised_due_at:
        update = CaseUpdate(UPDATED, after, cause=replace(cause, fact=DEADLINE_SET), at=rules.now)
        return CaseChange(after, (update,))
    shift = date_shift(case, after)
    if shift is None:
        update = CaseUpdate(UPDATED, after, cause=cause, at=rules.now)
    else:
        update = CaseUpdate(MOVED, after, cause=cause, at=rules.now, previous_due_at=shift.before)
    return CaseChange(after, (update,))


def _with_first_promise(case: Case, rules: Rules) -> Case:
    """Return the case with the date promised that lay beyond the calendar when it was accepted."""
    if case.accepted_at is None or case.promised_due_at is not None:
        return case
    reading = case_clock.clock_at(case, rules)
    if reading is None:
        return case
    # Days off published since belong to the first date that is told, unlike those after a promise.
    return replace(case, promised_due_at=reading.due_at or reading.promised_due_at)


def date_shift(before: Case, after: Case) -> MovedDate | None:
    """How the due date moved between two versions of a case; None if it did not, or in a pause."""
    old, new = before.current_due_at, after.current_due_at
    if old is None or new is None or old == new:
        return None
    return MovedDate(before.code, before.receiving_office, old, new)


def _recompute_tasks(case: Case, rules: Rules) -> Case:
    """Date each open task by its budget; with the dossier's pauses if there were any."""
    if case.ledger:
        return recompute_task_deadlines(case, rules)
    for task in case.tasks:
        if task.is_open and not task.is_apology:  # an apology keeps its due date
            case = _recompute_task(task, case, rules)
    return case


def _recompute_task(task: Task, case: Case, rules: Rules) -> Case:
    due_at = plan.task_due_at(task, case.current_due_at, rules, begins_at=task.budget_from)
    if due_at == task.due_at:
        return case
    return case.with_task(replace(task, due_at=due_at))
