"""A denial: what it must say, since the citizen reads it."""

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskReply, TaskState
from services.routing.words import refuse
from shared.errors import Refused
from shared.outcomes import StepOutcome


def is_denial(task: Task) -> bool:
    """Whether the step ended with a no."""
    return task.state is TaskState.DONE and task.outcome == StepOutcome.DENIED


def denial_fault(case: Case, reply: TaskReply, rules: Rules) -> Refused | None:
    """Refuse a denial without its reason, or without its basis where the law of the procedure asks for it."""
    if not (reply.reason or "").strip():
        return refuse("denial_needs_reason")
    if rules.procedure_of(case).outcome.denial_needs_basis and not (reply.details.basis or "").strip():
        return refuse("denial_needs_basis")
    return None
