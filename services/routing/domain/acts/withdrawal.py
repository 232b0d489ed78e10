"""Withdrawal of a dossier by the citizen, and its cancellation. Neither changes the clock."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.plan import placement
from services.routing.domain.plan.effects import build_change
from shared.errors import Refused
from shared.states import StateEvent


def request_withdrawal(case: Case, cause: Cause, at: datetime) -> CaseChange | Refused:
    """Record a withdrawal; an office must stop the dossier. Open requests to the citizen stay open."""
    position = next_position(case.position, StateEvent.WITHDRAWAL_REQUESTED)
    if isinstance(position, Refused):
        return position
    return build_change(replace(case.with_position(position), stop_asked=None), cause, at)


def cancel_withdrawal(case: Case, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Return the case to its position before the withdrawal.

    If the citizen's time to answer ran out in between, one working day is left. A case that waited for an
    office goes on if there is one by now.
    """
    position = next_position(case.position, StateEvent.WITHDRAWAL_CANCELLED)
    if isinstance(position, Refused):
        return position
    change = build_change(_with_a_day_left(case.with_position(position), rules), cause, rules.now)
    return placement.resume_placement(case, change, cause=cause, rules=rules)


def _with_a_day_left(case: Case, rules: Rules) -> Case:
    if case.request is None or case.request.answer_by >= rules.now:
        return case
    calendar = rules.calendar_of(case.receiving_office)
    closing = calendar.closing(calendar.nth_after(rules.today, 1))
    return replace(case, request=replace(case.request, answer_by=closing))
