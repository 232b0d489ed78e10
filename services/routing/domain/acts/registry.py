"""The registry of acts, in the order in which a desk offers them. Each act is defined in its own module."""

from services.routing.domain.acts import apology, extension, payment, recall, stop, supplement
from services.routing.domain.case.office_act import ActRule, OfficeAct
from services.routing.domain.case.task import OfficeRequest, Task, TaskState
from services.routing.domain.steps import appointment, queries
from services.routing.words import refuse
from shared.errors import Refused

ACTS: tuple[OfficeAct, ...] = (
    *supplement.ACTS,
    *payment.ACTS,
    *stop.ACTS,
    *recall.ACTS,
    *extension.ACTS,
    *apology.ACTS,
    *queries.ACTS,
    *appointment.ACTS,
)
ACT_OF: dict[OfficeRequest, OfficeAct] = {act.request: act for act in ACTS}


def act_rule(request: OfficeRequest, task: Task) -> ActRule:
    """The rule of an act; one that refuses if the task's state does not allow the act."""
    act = ACT_OF[request]
    refusal = refuse_unless_open(task)
    if act.at_any_time or refusal is None:
        return act.rule
    return lambda *_: refusal


def refuse_unless_open(task: Task) -> Refused | None:
    """The refusal of acts on a task that no office has open; None if one has."""
    match task.state:
        case TaskState.WAITING:
            return refuse("not_yet_queued")
        case TaskState.DECLINED:
            return refuse("already_declined")
        case TaskState.DONE:
            return refuse("task_already_done")
        case TaskState.CLOSED:
            return refuse("task_closed")
        case TaskState.QUEUED | TaskState.STARTED:
            return None
