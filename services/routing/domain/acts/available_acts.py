"""What an officer may ask for from a task as its dossier stands, asked of the table and the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.acts.act_rules import ANY_TIME, refuse_unless_open
from services.routing.domain.acts.extension import extend_deadline
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.position import StateEvent
from services.routing.domain.case.state import transition_for
from services.routing.domain.case.task import HEAD, OfficeRequest, RequestDetails, Task, TaskReply, TaskState
from services.routing.domain.clock.case_clock import clock_at
from services.routing.domain.plan.reception import is_reception_act
from shared.actor import Actor
from shared.catalogue import Catalogue

NEEDS: Mapping[OfficeRequest, StateEvent] = {
    OfficeRequest.SUPPLEMENT: StateEvent.SUPPLEMENT_REQUESTED,
    OfficeRequest.PAYMENT: StateEvent.PAYMENT_REQUESTED,
    OfficeRequest.WAIVER: StateEvent.FEE_WAIVED,
    OfficeRequest.STOP: StateEvent.STOPPED,
    OfficeRequest.CONFIRMED_STOP: StateEvent.STOPPED,
    OfficeRequest.RECALL: StateEvent.RECALLED,
}
"""The fact each would be; an extension moves no state."""

MOST_SHOWN = 20
"""Working days of an extension that a form lists with the date each gives."""


@dataclass(frozen=True, slots=True)
class ExtensionOption:
    """So many working days more, and the date they give; None while the clock waits for the citizen."""

    days: int
    due_at: datetime | None


def available_acts(case: Case, task: Task, actor: Actor) -> tuple[OfficeRequest, ...]:
    """The acts that lead somewhere from here, for this officer. An extension is asked of `new_dates`."""
    if actor.office != task.office or task.is_apology:
        return ()
    return tuple(
        request for request, fact in NEEDS.items() if _is_available(request, case, task, actor, fact)
    )


def extension_options(
    case: Case, task: Task, actor: Actor, catalogue: Catalogue, at: datetime
) -> list[ExtensionOption]:
    """What each extension would give, by the rule that will judge it; none where the rule would refuse."""
    if actor.role != HEAD or actor.office != task.office or refuse_unless_open(task) is not None:
        return []
    options: list[ExtensionOption] = []
    for days in range(1, MOST_SHOWN + 1):
        change = extend_deadline(case, task, _trial_reply(task, actor, days), catalogue, at)
        if not isinstance(change, CaseChange):
            break
        after = clock_at(change.case, catalogue, at)
        options.append(ExtensionOption(days, after.due_at if after else None))
    return options


def _is_available(request: OfficeRequest, case: Case, task: Task, actor: Actor, fact: StateEvent) -> bool:
    if transition_for(case.position, fact) is None or (
        task.is_reception and not is_reception_act(case, request)
    ):
        return False
    if request not in ANY_TIME and refuse_unless_open(task) is not None:
        return False
    return _CONDITIONS.get(request, lambda *_: True)(case, task, actor)


def _has_no_pending_stop(case: Case, _task: Task, _actor: Actor) -> bool:
    return case.stop_asked is None


def _is_second_person(case: Case, task: Task, actor: Actor) -> bool:
    pending = case.stop_asked
    return pending is not None and pending.office == task.office and pending.by != actor.id


def _has_result(case: Case, task: Task, _actor: Actor) -> bool:
    return task.state is TaskState.DONE and case.child_id is None


_CONDITIONS: Mapping[OfficeRequest, Callable[[Case, Task, Actor], bool]] = {
    OfficeRequest.STOP: _has_no_pending_stop,
    OfficeRequest.CONFIRMED_STOP: _is_second_person,
    OfficeRequest.RECALL: _has_result,
}


def _trial_reply(task: Task, actor: Actor, days: int) -> TaskReply:
    trial = "what would be"
    return TaskReply(
        task.id,
        OfficeRequest.EXTENSION,
        task.office,
        actor,
        trial,
        trial,
        reason=trial,
        details=RequestDetails(days=days),
    )
