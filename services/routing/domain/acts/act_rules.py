"""What an office asks for from a task in its hands, and who judges it: one table."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from services.routing.domain.acts import apology, extension, payment, recall, stop, supplement
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply, TaskState
from services.routing.domain.plan import queries
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused

Answer: TypeAlias = CaseChange | NoEffect | Refused
Rule = Callable[[Case, Task, TaskReply, Catalogue, datetime], Answer]

RULES: dict[OfficeRequest, Rule] = {
    OfficeRequest.SUPPLEMENT: supplement.request_supplement,
    OfficeRequest.PAYMENT: payment.request_payment,
    OfficeRequest.WAIVER: payment.waive_fee,
    OfficeRequest.STOP: stop.request_stop,
    OfficeRequest.CONFIRMED_STOP: stop.confirm_stop,
    OfficeRequest.RECALL: recall.recall_result,
    OfficeRequest.EXTENSION: extension.extend_deadline,
    OfficeRequest.SIGNATURE: apology.sign_apology,
    OfficeRequest.OFFICES: queries.open_query,
    OfficeRequest.CLOSED_QUERY: queries.close_query,
}

ANY_TIME = frozenset({OfficeRequest.RECALL, OfficeRequest.CONFIRMED_STOP, OfficeRequest.SIGNATURE})
"""TaskReply of a task that is over, too."""


def act_rule(what: OfficeRequest, task: Task) -> Rule:
    """The rule for what is asked from a task that stands so."""
    wrong = None if what in ANY_TIME else not_in_hands(task)
    return RULES[what] if wrong is None else lambda *_: wrong


def not_in_hands(task: Task) -> Refused | None:
    """Why nothing can be asked from a task that stands so; None while it is in hands."""
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
