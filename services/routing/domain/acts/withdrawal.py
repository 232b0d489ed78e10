"""Withdrawal of a dossier by the citizen, and its cancellation. Neither changes the clock."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.plan import placement
from services.routing.domain.plan.effects import build_change
from shared.catalogue import Catalogue
from shared.clock import to_city_time
from shared.errors import Refused
from shared.states import StateEvent


def request_withdrawal(case: Case, cause: Cause, at: datetime) -> CaseChange | Refused:
    """Record a withdrawal; an office must stop the dossier. Open requests to the citizen stay open."""
    position = next_position(case.position, StateEvent.WITHDRAWAL_REQUESTED)
    if isinstance(position, Refused):
        return position
    return build_change(replace(case.with_position(position), stop_asked=None), cause, at)


def cancel_withdrawal(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> CaseChange | Refused:
    """Return the case to its position before the withdrawal.

    If the citizen's time to answer ran out meanwhile, one working day is left. A case that waited for an
    office goes on if there is one by now.
    """
    position = next_position(case.position, StateEvent.WITHDRAWAL_CANCELLED)
    if isinstance(position, Refused):
        return position
    change = build_change(_with_a_day_left(case.with_position(position), catalogue, at), cause, at)
    return placement.resume_placement(case, change, cause=cause, catalogue=catalogue, at=at)


def _with_a_day_left(case: Case, catalogue: Catalogue, at: datetime) -> Case:
    if case.request is None or case.request.answer_by >= at:
        return case
    calendar = catalogue.calendar(catalogue.office(case.receiving_office).calendar, at)
    closing = calendar.closing(calendar.nth_after(to_city_time(at).date(), 1))
    return replace(case, request=replace(case.request, answer_by=closing))
