"""What a kind of task may do differently from the ordinary work of an office."""

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
    """Whoever may move tasks may move it."""


def not_recorded_apart(_case: Case, _task: Task, _reply: TaskReply, _at: datetime) -> None:
    """Completion goes on as for every step."""


def closes_nothing(_case: Case, _task: Task, _rules: Rules) -> None:
    """A late task stays open."""


def reports_to_own_head(_case: Case, _task: Task, _rules: Rules) -> bool:
    """Lateness goes to the head of the office, then to the city."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """The hooks of a kind; each default is what ordinary work does.

    `refuse_reply`: why this reply cannot be taken now; the last argument is the act, None for start, complete
    and decline. `refuse_move`: why it cannot go to another office. `record_completion`: the change that a
    completed task makes, where no next step is queued; None: as for every step. `close_on_breach`: the change
    when its time is over. `reports_to_lead`: whether its lateness goes to the step that asked alone.
    """

    kind: TaskKind
    refuse_reply: ReplyGuard = refuse_lead_reply
    refuse_move: Callable[[Task], Refused | None] = moves_freely
    record_completion: Callable[[Case, Task, TaskReply, datetime], CaseChange | None] = not_recorded_apart
    close_on_breach: Callable[[Case, Task, Rules], CaseChange | None] = closes_nothing
    reports_to_lead: Callable[[Case, Task, Rules], bool] = reports_to_own_head
