"""The work begins: reception is over, the plan stands, and the first offices get their tasks."""

from datetime import datetime

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import Task, TaskState, complete_task
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.papers_already_filed import complete_steps_by_papers
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.case import ROUTED


def start_processing(
    before: Case, planned: CaseChange, cause: Cause, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """`before`: the case with its reception still open; `planned`: in process, nothing handed out yet."""
    prepared = complete_steps_by_papers(_complete_intake(before, planned.case, at), catalogue, at)
    started = plan.queue_ready_steps(prepared, catalogue, at)
    rule_cause = replace(cause, actor=BY_RULE)
    updates = (*planned.updates, CaseUpdate(ROUTED, started, rule_cause, at))
    return complete_if_finished(CaseChange(started, updates, task_dispatches(before, started)), cause, at)


def finish_reception(task: Task, at: datetime, outcome: str) -> Task:
    """The door's own task is done; whatever else was open is not needed any more."""
    if task.is_reception and task.is_open:
        return complete_task(task, at, outcome)
    return replace(task, state=TaskState.CLOSED) if task.state is not TaskState.DONE else task


def _complete_intake(before: Case, case: Case, at: datetime) -> Case:
    """Where the first step is `intake` of the receiving office, accepting at the counter was that step."""
    if before.auto_accept or not any(task.is_reception and task.is_open for task in before.tasks):
        return case
    for task in case.tasks:
        if task.step == plan.INTAKE_STEP and not task.after and task.office == case.receiving_office:
            return case.with_task(replace(complete_task(task, at, "accepted"), queued_at=at))
    return case
