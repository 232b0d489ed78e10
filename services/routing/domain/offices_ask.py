"""What an office asks for from a task in its hands, and who judges it: one table."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from services.routing.domain import extension, letters, payment, queries, recall, refusals, stop, supplement
from services.routing.domain.case import Case, Change
from services.routing.domain.refusals_of_asking import task_already_done
from services.routing.domain.task import Ask, Nothing, Said, Task, TaskState
from shared.catalogue import Catalogue
from shared.errors import Refused

Answer: TypeAlias = Change | Nothing | Refused
Rule = Callable[[Case, Task, Said, Catalogue, datetime], Answer]

RULES: dict[Ask, Rule] = {
    Ask.SUPPLEMENT: supplement.ask,
    Ask.PAYMENT: payment.ask,
    Ask.WAIVER: payment.waive,
    Ask.STOP: stop.ask,
    Ask.CONFIRMED_STOP: stop.confirm,
    Ask.RECALL: recall.recall,
    Ask.EXTENSION: extension.extend,
    Ask.SIGNATURE: letters.sign,
    Ask.OFFICES: queries.ask,
    Ask.CLOSED_QUERY: queries.close,
}

ANY_TIME = frozenset({Ask.RECALL, Ask.CONFIRMED_STOP, Ask.SIGNATURE})
"""Said of a task that is over, too."""


def rule_for(what: Ask, task: Task) -> Rule:
    """The rule for what is asked from a task that stands so."""
    wrong = None if what in ANY_TIME else not_in_hands(task)
    return RULES[what] if wrong is None else lambda *_: wrong


def not_in_hands(task: Task) -> Refused | None:
    """Why nothing can be asked from a task that stands so; None while it is in hands."""
    match task.state:
        case TaskState.WAITING:
            return refusals.not_yet_queued()
        case TaskState.DECLINED:
            return refusals.already_declined()
        case TaskState.DONE:
            return task_already_done()
        case TaskState.CLOSED:
            return refusals.task_closed()
        case TaskState.QUEUED | TaskState.STARTED:
            return None
