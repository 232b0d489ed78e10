"""Acts and deadlines of a root and its children, applied to the member that they concern.

The citizen deals with the root only: a child's office requests papers and fees in the name of the root.
Decision 0012.
"""

from collections.abc import Callable
from typing import TypeAlias

from services.routing.domain.acts.office_replies import apply_office_reply, judge_reply
from services.routing.domain.acts.reassignment import Reassignment, reassign_task
from services.routing.domain.acts.registry import ACTS
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
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
from shared.errors import Refused
from shared.states import State
from shared.worktime import ClockEvent

Decision: TypeAlias = CaseChange | NoEffect | Refused
CITIZEN_REQUEST_EVENTS = {act.request: act.moves for act in ACTS if act.of_citizen and act.moves}
"""Requests to the citizen, who knows only the root: their events move the root."""


def apply_reply(case: Case | None, reply: TaskReply, rules: Rules) -> Decision:
    """Apply an office's act to the family member that has its task, with what follows for the root."""
    child = _child_of_reply(case, reply)
    if case is None or child is None:
        return apply_office_reply(case, reply, rules)
    if _concerns_root(case, reply.act):
        return _apply_to_root(case, child, reply=reply, rules=rules)
    if reply.act is OfficeRequest.RECALL:
        return refuse("child_is_used")
    return apply_to_member(
        case,
        child,
        decide=lambda member: apply_office_reply(member, reply, rules),
        rules=rules,
    )


def reassign_in_family(case: Case | None, reassignment: Reassignment, rules: Rules) -> Decision:
    """Reassign a task of any member of the family."""
    owner = case.owner_of(reassignment.task_id) if case else None
    if case is None or owner is None:
        return reassign_task(case, reassignment, rules)
    return apply_to_member(
        case,
        owner,
        decide=lambda member: reassign_task(member, reassignment, rules),
        rules=rules,
    )


def apply_to_member(case: Case, owner: Case, decide: Callable[[Case], Decision], rules: Rules) -> Decision:
    """Apply a rule to one member of the family and return the result as a change of the root."""
    decision = decide(owner)
    if owner is case or not isinstance(decision, CaseChange):
        return decision
    change = as_root_change(case, decision)
    child = decision.case
    if child.state not in ENDED:
        return change
    return finish_parent_step(change, child, rules)


def fire_family_deadlines(case: Case, rules: Rules, cache: DeadlineCache | None = None) -> CaseChange:
    """Fire the deadlines of the root and its children. No deadline ends a dossier."""
    cache = cache or DeadlineCache(rules)
    change = _apply_to_each(case, lambda member: fire_deadlines(member, rules, cache))
    return change or CaseChange(case)


def recompute_family(case: Case, cause: Cause, rules: Rules) -> CaseChange | None:
    """Compute the dates of the family by the current calendar; None if nothing changes."""
    return _apply_to_each(case, lambda member: recompute_dates(member, cause, rules))


def place_family(case: Case, cause: Cause, rules: Rules) -> CaseChange | None:
    """Plan waiting members of the family by the current catalogue; None if nothing changes."""
    return _apply_to_each(case, lambda member: retry_placement(member, cause, rules))


def _apply_to_each(case: Case, decide: Callable[[Case], CaseChange | None]) -> CaseChange | None:
    """Apply a rule to the root and each child, and combine the changes; None if there is none."""
    change = decide(case)
    for child in case.children:
        child_change = decide(child)
        if child_change is None:
            continue
        change = change or CaseChange(case)
        change = change.then(as_root_change(change.case, child_change))
    return change


def _child_of_reply(case: Case | None, reply: TaskReply) -> Case | None:
    if case is None:
        return None
    owner = case.owner_of(reply.task_id)
    if owner is case:
        return None
    return owner


def _concerns_root(case: Case, act: TaskAct | OfficeRequest) -> bool:
    is_withdrawal_stop = act is OfficeRequest.STOP and case.state is State.WITHDRAWAL_REQUESTED
    return is_withdrawal_stop or act in CITIZEN_REQUEST_EVENTS


def _apply_to_root(case: Case, child: Case, reply: TaskReply, rules: Rules) -> Decision:
    """Apply a request of a child's office to the root; the child waits for the citizen with it."""
    task = child.task(reply.task_id)
    if task is None:
        return refuse("unknown_task")
    decision = judge_reply(case, task, reply=reply, rules=rules)
    if not isinstance(decision, CaseChange) or decision.case.state not in ANSWER_EVENTS:
        return decision
    if not isinstance(reply.act, OfficeRequest):
        return decision
    position = next_position(child.position, CITIZEN_REQUEST_EVENTS[reply.act])
    if isinstance(position, Refused):
        return position
    waiting_child = release_excluded_pause(child, rules.now).with_position(position)
    event = ClockEvent(decision.case.ledger[-1].fact, rules.now)
    return replace_child(decision, with_clock_event(waiting_child, event, rules))
