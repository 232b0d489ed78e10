"""Due dates of tasks after a pause: each task's budget is a clock, capped by the dossier's due date."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task
from services.routing.domain.clock.case_clock import FOR_THE_CITIZEN
from shared.clock import to_city_time
from shared.worktime import (
    ANSWER_TO,
    ClockEvent,
    ClockKind,
    Ledger,
    LedgerError,
    OutsideCalendarError,
    read_clock,
)


def recompute_task_deadlines(case: Case, rules: Rules) -> Case:
    """Return the case with the due dates of open tasks computed from its pauses and its due date.

    Declined tasks at the Centre are paused with the others. Receptions, apologies and steps of a project's
    window keep their dates.
    """
    for task in case.tasks:
        keeps_date = task.is_reception or task.is_apology or task.until is not None
        if task.is_open and not keeps_date and task.budget_from is not None:
            case = case.with_task(_with_recomputed_date(case, task, begins_at=task.budget_from, rules=rules))
    return case


def _with_recomputed_date(case: Case, task: Task, begins_at: datetime, rules: Rules) -> Task:
    cap = case.current_due_at
    if task.excluded or (cap is not None and cap < begins_at):
        cap = None
    ledger = Ledger(
        kind=ClockKind.TASK,
        calendar=rules.catalogue.dated_working_calendar(rules.catalogue.office(task.office).calendar),
        limit=task.limit,
        accepted_at=begins_at,
        cap_at=cap,
        events=tuple(_pauses(case.ledger, begins_at)),
    )
    try:
        due = read_clock(ledger, rules.now).due_at
    except (OutsideCalendarError, LedgerError):
        return task
    if due is None or due == task.due_at:
        return task
    return replace(task, due_at=to_city_time(due))


def _pauses(events: tuple[ClockEvent, ...], since: datetime) -> Iterator[ClockEvent]:
    """The dossier's pauses, cut to the part after `since`."""
    pause: ClockEvent | None = None
    for event in events:
        if event.fact in FOR_THE_CITIZEN:
            pause = event
        elif pause and event.fact is ANSWER_TO[pause.fact]:
            if event.at > since:
                yield replace(pause, at=max(pause.at, since))
                yield event
            pause = None
    if pause:
        yield replace(pause, at=max(pause.at, since))
