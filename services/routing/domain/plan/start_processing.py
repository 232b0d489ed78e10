"""Start of processing: reception ends, and the first tasks of the plan are queued."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, Cause, change_since
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, close_task, complete_task
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.papers_already_filed import complete_steps_by_papers
from shared.errors import Refused
from shared.events.case import ROUTED


def start_processing(before: Case, planned: CaseChange, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Queue the first steps. `before`: the case with reception open; `planned`: in process, all waiting."""
    prepared = complete_steps_by_papers(_complete_intake(before, planned.case, rules.now), rules)
    started = plan.queue_ready_steps(prepared, rules)
    rule_cause = replace(cause, actor=BY_RULE)
    routed = change_since(before, CaseUpdate(ROUTED, started, rule_cause, rules.now))
    return complete_if_finished(planned.then(routed), cause, rules)


def finish_tasks(case: Case, at: datetime, outcome: str) -> Case:
    """Return the case with its open reception completed, and all else that is not done closed."""
    return case.with_each_task(lambda task: finish_task(task, at, outcome))


def finish_task(task: Task, at: datetime, outcome: str) -> Task:
    """Return the task completed if it is the open reception, closed if it is any other that is not done."""
    if task.is_reception and task.is_open:
        return complete_task(task, at, outcome)
    return close_task(task)


def _complete_intake(before: Case, case: Case, at: datetime) -> Case:
    """Complete the `intake` step of the receiving office: acceptance at its counter was that step."""
    if before.auto_accept or not any(task.is_reception and task.is_open for task in before.tasks):
        return case
    for task in case.tasks:
        if task.step == plan.INTAKE_STEP and not task.after and task.office == case.receiving_office:
            return case.with_task(replace(complete_task(task, at, "accepted"), queued_at=at))
    return case
