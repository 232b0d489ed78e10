"""The registry of task kinds. A kind without an entry is ordinary work of an office."""

from services.routing.domain.case.task import Task
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.steps import appointment, letter, question, reception
from services.routing.domain.steps.step_kind import StepKind

KINDS = {entry.kind: entry for entry in (reception.KIND, question.KIND, letter.KIND, appointment.KIND)}
ORDINARY = StepKind(kind=TaskKind.STEP)


def kind_of(task: Task) -> StepKind:
    """The hooks of this task's kind."""
    return KINDS.get(task.kind, ORDINARY)
