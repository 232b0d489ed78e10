"""Outcomes of steps: which words a task may end in, and the result of the dossier that follows from them."""

from dataclasses import replace

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskState, close_task
from services.routing.domain.plan import plan
from services.routing.words import refuse
from shared.catalogue import Step
from shared.errors import Refused
from shared.events.case import STATUTORY
from shared.outcomes import StepOutcome, read_outcome

ANSWERED = "answered"
"""The outcome of a case that is no dossier of a procedure."""


def step_of(case: Case, task: Task, rules: Rules) -> Step | None:
    """The step of the procedure that a task does; None for reception, an apology or a question."""
    return rules.procedure_of(case).find_step(task.step)


def allowed_outcomes(case: Case, task: Task, rules: Rules) -> tuple[StepOutcome, ...]:
    """The words of which one ends this task; none if it ends without an outcome."""
    step = step_of(case, task, rules)
    return step.outcomes if step else ()


def refuse_outcome(case: Case, task: Task, outcome: str | None, rules: Rules) -> Refused | None:
    """Refuse a completion without the outcome that the step requires, or with one that it does not have."""
    step = step_of(case, task, rules)
    allowed = step.outcomes if step else ()
    words = ", ".join(allowed)
    if outcome is None:
        is_missing = step is not None and step.requires_outcome
        return refuse("outcome_missing", words=words) if is_missing else None
    if outcome in allowed:
        return None
    return refuse("outcome_unknown", words=words) if allowed else refuse("outcome_not_asked")


def is_final_denial(case: Case, task: Task, rules: Rules) -> bool:
    """Whether this task was denied and the dossier ends with that."""
    step = step_of(case, task, rules)
    is_denied = task.state is TaskState.DONE and task.outcome == StepOutcome.DENIED
    return is_denied and step is not None and step.denial_ends


def leave_out_the_rest(case: Case) -> Case:
    """Return the case with all unfinished work closed, except an apology that is owed."""
    return case.with_each_task(lambda task: task if task.is_apology else close_task(task))


def bring_back_the_rest(case: Case, rules: Rules) -> Case:
    """Return the case with new tasks for the steps that a denial had left out, queued where their turn is."""
    planned_steps = {task.step for task in case.current_tasks}
    left_out: dict[str, Task] = {}
    for task in case.tasks:
        if task.is_plan_step and task.step not in planned_steps:
            left_out[task.step] = task
    for task in left_out.values():
        case = case.with_new_tasks(_anew(case, task))
    return plan.queue_ready_steps(plan.project_due_dates(case, rules), rules)


def _anew(case: Case, task: Task) -> Task:
    return replace(
        task,
        id=plan.next_task_id(case, task.step),
        state=TaskState.WAITING,
        party=None,
        to_topic=False,
        queued_at=None,
        counts_from=None,
        started_at=None,
        done_at=None,
        reason=None,
        appointment=None,
    )


def case_outcome(case: Case, rules: Rules) -> str:
    """The outcome of a case whose steps are done: granted only if every step that decides was granted.

    A step that decides and ended in a word that nobody knows was never granted. A case that is no dossier of
    a procedure is `answered`.
    """
    if case.kind != STATUTORY:
        return ANSWERED
    results = {read_outcome(task.outcome) for task in case.step_tasks if _counts(case, task, rules)}
    return StepOutcome.GRANTED if results == {StepOutcome.GRANTED} else StepOutcome.DENIED


def _counts(case: Case, task: Task, rules: Rules) -> bool:
    step = step_of(case, task, rules)
    return step is not None and step.requires_outcome
