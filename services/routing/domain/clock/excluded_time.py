"""Time that the legal limit does not count: excluded steps, and steps that wait for a person's own act.

The dossier's ledger records its begin and end. A task's own budget is another clock and runs on.
Decision 0011 says why an excluded step stops nothing while other work goes on.
"""

from datetime import datetime

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import TaskState
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.task_budgets import recompute_task_deadlines
from shared.worktime import ClockEvent, ClockEventType, open_pause


def sync_pause(case: Case, rules: Rules) -> Case:
    """Return the case with its clock paused while it waits for such steps only, running otherwise."""
    # No event lies before the start of the clock.
    rules = rules.at(max(rules.now, case.accepted_at or rules.now))
    pause_type = _open_pause(case)
    if _waits_outside_limit(case) and pause_type is None:
        event = ClockEvent(ClockEventType.EXCLUDED_STEP_BEGUN, _last_hand_over(case, rules.now))
    elif pause_type is ClockEventType.EXCLUDED_STEP_BEGUN and not _waits_outside_limit(case):
        event = ClockEvent(ClockEventType.EXCLUDED_STEP_DONE, rules.now)
    else:
        return case
    return recompute_task_deadlines(with_clock_event(case, event, rules), rules)


def release_excluded_pause(case: Case, at: datetime) -> Case:
    """Return the case with such a pause ended: a clock has one pause at a time, and the citizen's wins."""
    if _open_pause(case) is not ClockEventType.EXCLUDED_STEP_BEGUN:
        return case
    return case.with_event(ClockEvent(ClockEventType.EXCLUDED_STEP_DONE, at))


def _waits_outside_limit(case: Case) -> bool:
    """Whether an open step pauses the clock, or all open steps lie outside the limit.

    A declined task lies with the Centre, and that time counts.
    """
    is_waiting = False
    is_all_outside = True
    for task in case.step_tasks:
        is_at_work = task.is_open and not task.is_reception
        if not (is_at_work or task.is_done_by_child):
            continue
        is_outside = task.is_outside_limit and task.state is not TaskState.DECLINED
        if is_outside and task.pauses:
            return True
        is_waiting = True
        is_all_outside = is_all_outside and is_outside
    return is_waiting and is_all_outside


def _open_pause(case: Case) -> ClockEventType | None:
    pause = open_pause(case.ledger)
    return pause.fact if pause else None


def _last_hand_over(case: Case, at: datetime) -> datetime:
    """When the last other task ended. A citizen's answer may lie before the moment routing reads it."""
    moments: list[datetime] = []
    for task in case.step_tasks:
        if task.queued_at:
            moments.append(task.queued_at)
        if task.done_at:
            moments.append(task.done_at)
    if case.ledger:
        moments.append(case.ledger[-1].at)
    return min(at, max(moments, default=at))
