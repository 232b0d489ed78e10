"""A root and its children as one: whose task it is, what its office says of it, what the clocks say.

What a child cannot have is the citizen's ear: papers and fees its offices ask for are asked in the root's
name. Decision 0012.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from services.routing.domain.acts.office_replies import apply_office_reply, judge_reply
from services.routing.domain.acts.reassignment import Reassignment, reassign_task
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.position import State, StateEvent
from services.routing.domain.case.state import ENDED, next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, TaskAct, TaskReply
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import release_excluded_pause
from services.routing.domain.deadlines.deadlines import DeadlineCache
from services.routing.domain.deadlines.escalation import fire_deadlines
from services.routing.domain.family.children import (
    ANSWERED,
    as_root_change,
    finish_parent_step,
    replace_child,
)
from services.routing.domain.plan.placement import retry_placement
from services.routing.domain.plan.recompute_dates import recompute_dates
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import ClockEvent

Decided: TypeAlias = CaseChange | NoEffect | Refused
OF_THE_CITIZEN = {
    OfficeRequest.SUPPLEMENT: StateEvent.SUPPLEMENT_REQUESTED,
    OfficeRequest.PAYMENT: StateEvent.PAYMENT_REQUESTED,
    OfficeRequest.WAIVER: StateEvent.FEE_WAIVED,
}
"""What is asked of the citizen, who knows one dossier: it is the root's."""


def apply_reply(case: Case | None, said: TaskReply, catalogue: Catalogue, at: datetime) -> Decided:
    """An office's answer, wherever in the family its task lies, with all that follows for the root."""
    child = _child_with(case, said)
    if case is None or child is None:
        return apply_office_reply(case, said, catalogue, at)
    if _is_the_roots(case, said.act):
        return _in_the_roots_name(case, child, said, catalogue, at)
    if said.act is OfficeRequest.RECALL:
        return refuse("child_is_used")
    return apply_to_member(
        case, child, lambda own: apply_office_reply(own, said, catalogue, at), catalogue, at
    )


def reassign_in_family(case: Case | None, said: Reassignment, catalogue: Catalogue, at: datetime) -> Decided:
    """A task sent elsewhere, wherever in the family it lies."""
    owner = case.owner_of(said.task_id) if case else None
    if case is None or owner is None:
        return reassign_task(case, said, catalogue, at)
    return apply_to_member(case, owner, lambda own: reassign_task(own, said, catalogue, at), catalogue, at)


def apply_to_member(
    case: Case, owner: Case, decide: Callable[[Case], Decided], catalogue: Catalogue, at: datetime
) -> Decided:
    """What a rule makes of this member of the family, as a change of the whole."""
    decided = decide(owner)
    if owner is case or not isinstance(decided, CaseChange):
        return decided
    change = as_root_change(case, decided)
    child = decided.case
    return finish_parent_step(change, child, catalogue, at) if child.state in ENDED else change


def fire_family_deadlines(
    case: Case, catalogue: Catalogue, now: datetime, known: DeadlineCache | None = None
) -> CaseChange:
    """What the clocks of the whole family have to say now; none of it ends a dossier."""
    known = known or DeadlineCache(catalogue, now)
    return _each(case, lambda own: fire_deadlines(own, catalogue, now, known)) or CaseChange(case, ())


def recompute_family(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """The whole family by the calendar as known now; None where nothing differs."""
    return _each(case, lambda own: recompute_dates(own, cause, catalogue, at))


def place_family(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """The whole family by the offices as known now; None where nothing differs."""
    return _each(case, lambda own: retry_placement(own, cause, catalogue, at))


def _each(case: Case, look: Callable[[Case], CaseChange | None]) -> CaseChange | None:
    """What is found of the root and of each of its children, as one change; None where nothing is."""
    change = look(case)
    for child in case.children:
        found = look(child)
        if found is not None:
            earlier = change or CaseChange(case, ())
            more = as_root_change(earlier.case, found)
            change = CaseChange(more.case, (*earlier.told, *more.told), (*earlier.sent, *more.sent))
    return change


def _child_with(case: Case | None, said: TaskReply) -> Case | None:
    owner = case.owner_of(said.task_id) if case else None
    return owner if owner is not case else None


def _is_the_roots(case: Case, act: TaskAct | OfficeRequest) -> bool:
    return act in OF_THE_CITIZEN or (act is OfficeRequest.STOP and case.state is State.WITHDRAWAL_REQUESTED)


def _in_the_roots_name(
    case: Case, child: Case, said: TaskReply, catalogue: Catalogue, at: datetime
) -> Decided:
    """The root asks the citizen, or stops as they wished; the child waits with it, and for no other."""
    task = child.task(said.task_id)
    decided = judge_reply(case, task, said, catalogue, at) if task else refuse("unknown_task")
    if not isinstance(decided, CaseChange) or decided.case.state not in ANSWERED:
        return decided
    standing = (
        next_position(child.position, OF_THE_CITIZEN[said.act])
        if isinstance(said.act, OfficeRequest)
        else None
    )
    if standing is None or isinstance(standing, Refused):
        return standing or decided
    waits = release_excluded_pause(child, at).with_position(standing)
    asked = ClockEvent(decided.case.ledger[-1].fact, at)
    return replace_child(decided, with_clock_event(waits, asked, catalogue, at))
