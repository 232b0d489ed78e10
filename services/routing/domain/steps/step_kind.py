"""Hooks by which a kind of task differs from the ordinary work of an office."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import Task, TaskReply
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.steps.queries import refuse_lead_reply
from shared.errors import Refused

ReplyGuard: TypeAlias = Callable[[Case, Task, TaskReply, OfficeAct | None], Refused | None]


def moves_freely(_task: Task) -> None:
    """The task may be reassigned like any other."""


def not_recorded_apart(_case: Case, _task: Task, _reply: TaskReply, _at: datetime) -> None:
    """Completion queues the next steps, as for any other task."""


def closes_nothing(_case: Case, _task: Task, _rules: Rules) -> None:
    """A task stays open after its due date."""


def reports_to_own_head(_case: Case, _task: Task, _rules: Rules) -> bool:
    """A late task is reported to the head of its office, then to the city."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """The hooks of a kind of task. The defaults are those of ordinary work.

    `refuse_reply`: the refusal of a reply, if any; its last argument is None for start, complete and decline.
    `refuse_move`: the refusal of a reassignment, if any. `record_completion`: the change made by completion
    instead of queueing the next steps. `close_on_breach`: the change made once the task is overdue.
    `reports_to_lead`: whether a late task is reported only to the step that asked.
    """

    kind: TaskKind
    refuse_reply: ReplyGuard = refuse_lead_reply
    refuse_move: Callable[[Task], Refused | None] = moves_freely
    record_completion: Callable[[Case, Task, TaskReply, datetime], CaseChange | None] = not_recorded_apart
    close_on_breach: Callable[[Case, Task, Rules], CaseChange | None] = closes_nothing
    reports_to_lead: Callable[[Case, Task, Rules], bool] = reports_to_own_head
