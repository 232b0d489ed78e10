"""What an officer may ask for from a task as its dossier stands, asked of the table and the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.case import Case, Change
from services.routing.domain.clock import reckoned
from services.routing.domain.extension import extend
from services.routing.domain.offices_ask import ANY_TIME, not_in_hands
from services.routing.domain.reception import may_be_said
from services.routing.domain.standing import Fact
from services.routing.domain.state import row_for
from services.routing.domain.task import HEAD, Ask, Said, Task, TaskState, Wants
from shared.actor import Actor
from shared.catalogue import Catalogue

NEEDS: Mapping[Ask, Fact] = {
    Ask.SUPPLEMENT: Fact.SUPPLEMENT_REQUESTED,
    Ask.PAYMENT: Fact.PAYMENT_REQUESTED,
    Ask.WAIVER: Fact.FEE_WAIVED,
    Ask.STOP: Fact.STOPPED,
    Ask.CONFIRMED_STOP: Fact.STOPPED,
    Ask.RECALL: Fact.RECALLED,
}
"""The fact each would be; an extension moves no state."""

MOST_SHOWN = 20
"""Working days of an extension that a form lists with the date each gives."""


@dataclass(frozen=True, slots=True)
class NewDate:
    """So many working days more, and the date they give; None while the clock waits for the citizen."""

    days: int
    due_at: datetime | None


def may_ask(case: Case, task: Task, actor: Actor) -> tuple[Ask, ...]:
    """The acts that lead somewhere from here, for this officer. An extension is asked of `new_dates`."""
    if actor.office != task.office or task.is_letter:
        return ()
    return tuple(what for what, fact in NEEDS.items() if _open(what, case, task, actor, fact))


def new_dates(case: Case, task: Task, actor: Actor, catalogue: Catalogue, at: datetime) -> list[NewDate]:
    """What each extension would give, by the rule that will judge it; none where the rule would refuse."""
    if actor.role != HEAD or actor.office != task.office or not_in_hands(task) is not None:
        return []
    found: list[NewDate] = []
    for days in range(1, MOST_SHOWN + 1):
        change = extend(case, task, _said(task, actor, days), catalogue, at)
        if not isinstance(change, Change):
            break
        after = reckoned(change.case, catalogue, at)
        found.append(NewDate(days, after.due_at if after else None))
    return found


def _open(what: Ask, case: Case, task: Task, actor: Actor, fact: Fact) -> bool:
    if row_for(case.standing, fact) is None or (task.is_receive and not may_be_said(case, what)):
        return False
    if what not in ANY_TIME and not_in_hands(task) is not None:
        return False
    return _ALSO.get(what, lambda *_: True)(case, task, actor)


def _not_written_yet(case: Case, _task: Task, _actor: Actor) -> bool:
    return case.stop_asked is None


def _second_person(case: Case, task: Task, actor: Actor) -> bool:
    asked = case.stop_asked
    return asked is not None and asked.office == task.office and asked.by != actor.id


def _has_its_result(case: Case, task: Task, _actor: Actor) -> bool:
    return task.state is TaskState.DONE and case.child_id is None


_ALSO: Mapping[Ask, Callable[[Case, Task, Actor], bool]] = {
    Ask.STOP: _not_written_yet,
    Ask.CONFIRMED_STOP: _second_person,
    Ask.RECALL: _has_its_result,
}


def _said(task: Task, actor: Actor, days: int) -> Said:
    trial = "what would be"
    return Said(
        task.id,
        Ask.EXTENSION,
        task.office,
        actor,
        trial,
        trial,
        reason=trial,
        wants=Wants(days=days),
    )
