"""A root and its children as one: whose task it is, what its office says of it, what the clocks say.

What a child cannot have is the citizen's ear: papers and fees its offices ask for are asked in the root's
name. Decision 0012.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from services.routing.domain.acts.office_replies import apply_office_reply, judge_reply
from services.routing.domain.acts.reassignment import Reassignment, reassign_task
from services.routing.domain.acts.registry import ACTS
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.position import State
from services.routing.domain.case.state import ENDED, next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, TaskAct, TaskReply
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.clock.excluded_time import release_excluded_pause
from services.routing.domain.deadlines.deadlines import DeadlineCache
from services.routing.domain.deadlines.escalation import fire_deadlines
from services.routing.domain.family.children import (
    ANSWER_EVENTS,
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

Decision: TypeAlias = CaseChange | NoEffect | Refused
CITIZEN_REQUEST_EVENTS = {act.request: act.moves for act in ACTS if act.of_citizen and act.moves}
"""What is asked of the citizen, who knows one dossier: it is the root's."""


def apply_reply(case: Case | None, reply: TaskReply, catalogue: Catalogue, at: datetime) -> Decision:
    """An office's answer, wherever in the family its task lies, with all that follows for the root."""
    child = _child_of_reply(case, reply)
    if case is None or child is None:
        return apply_office_reply(case, reply, catalogue, at)
    if _concerns_root(case, reply.act):
        return _apply_to_root(case, child, reply=reply, catalogue=catalogue, at=at)
    if reply.act is OfficeRequest.RECALL:
        return refuse("child_is_used")
    return apply_to_member(
        case,
        child,
        decide=lambda member: apply_office_reply(member, reply, catalogue, at),
        catalogue=catalogue,
        at=at,
    )


def reassign_in_family(
    case: Case | None, reassignment: Reassignment, catalogue: Catalogue, at: datetime
) -> Decision:
    """A task sent elsewhere, wherever in the family it lies."""
    owner = case.owner_of(reassignment.task_id) if case else None
    if case is None or owner is None:
        return reassign_task(case, reassignment, catalogue, at)
    return apply_to_member(
        case,
        owner,
        decide=lambda member: reassign_task(member, reassignment, catalogue, at),
        catalogue=catalogue,
        at=at,
    )


def apply_to_member(
    case: Case, owner: Case, decide: Callable[[Case], Decision], catalogue: Catalogue, at: datetime
) -> Decision:
    """What a rule makes of this member of the family, as a change of the whole."""
    decision = decide(owner)
    if owner is case or not isinstance(decision, CaseChange):
        return decision
    change = as_root_change(case, decision)
    child = decision.case
    return finish_parent_step(change, child, catalogue, at) if child.state in ENDED else change


def fire_family_deadlines(
    case: Case, catalogue: Catalogue, now: datetime, cache: DeadlineCache | None = None
) -> CaseChange:
    """What the clocks of the whole family have to say now; none of it ends a dossier."""
    cache = cache or DeadlineCache(catalogue, now)
    return _apply_to_each(case, lambda member: fire_deadlines(member, catalogue, now, cache)) or CaseChange(
        case, ()
    )


def recompute_family(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """The whole family by the calendar as known now; None where nothing differs."""
    return _apply_to_each(case, lambda member: recompute_dates(member, cause, catalogue, at))


def place_family(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """The whole family by the offices as known now; None where nothing differs."""
    return _apply_to_each(case, lambda member: retry_placement(member, cause, catalogue, at))


def _apply_to_each(case: Case, decide: Callable[[Case], CaseChange | None]) -> CaseChange | None:
    """What is found of the root and of each of its children, as one change; None where nothing is."""
    change = decide(case)
    for child in case.children:
        child_change = decide(child)
        if child_change is not None:
            change_so_far = change or CaseChange(case, ())
            root_change = as_root_change(change_so_far.case, child_change)
            change = CaseChange(
                root_change.case,
                (*change_so_far.updates, *root_change.updates),
                (*change_so_far.dispatches, *root_change.dispatches),
            )
    return change


def _child_of_reply(case: Case | None, reply: TaskReply) -> Case | None:
    owner = case.owner_of(reply.task_id) if case else None
    return owner if owner is not case else None


def _concerns_root(case: Case, act: TaskAct | OfficeRequest) -> bool:
    return act in CITIZEN_REQUEST_EVENTS or (
        act is OfficeRequest.STOP and case.state is State.WITHDRAWAL_REQUESTED
    )


def _apply_to_root(case: Case, child: Case, reply: TaskReply, catalogue: Catalogue, at: datetime) -> Decision:
    """The root asks the citizen, or stops as they wished; the child waits with it, and for no other."""
    task = child.task(reply.task_id)
    decision = (
        judge_reply(case, task, reply=reply, catalogue=catalogue, at=at) if task else refuse("unknown_task")
    )
    if not isinstance(decision, CaseChange) or decision.case.state not in ANSWER_EVENTS:
        return decision
    position = (
        next_position(child.position, CITIZEN_REQUEST_EVENTS[reply.act])
        if isinstance(reply.act, OfficeRequest)
        else None
    )
    if position is None or isinstance(position, Refused):
        return position or decision
    waiting_child = release_excluded_pause(child, at).with_position(position)
    event = ClockEvent(decision.case.ledger[-1].fact, at)
    return replace_child(decision, with_clock_event(waiting_child, event, catalogue, at))
