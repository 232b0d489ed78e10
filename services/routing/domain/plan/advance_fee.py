"""Fees due before work: the plan waits until the citizen has paid, where the procedure says so.

Reception stays open meanwhile: the counter takes the money, and may waive the fee or stop the dossier.
"""

from datetime import datetime

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, Cause
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import next_position
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.plan import plan, reception
from services.routing.domain.plan.effects import build_change
from services.routing.domain.plan.start_processing import start_processing
from shared.catalogue import Catalogue
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events.case import PAYMENT_REQUESTED, STATUTORY, CitizenRequest, RequestKind
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def advance_fee(case: Case, catalogue: Catalogue) -> int | None:
    """The fee due before work for the channel of filing, in đồng; None if there is none or it is 0."""
    if case.kind != STATUTORY or case.child_id is not None:
        return None
    fees = catalogue.procedure_version(case.procedure, case.version).fees
    by_channel = fees.fee_for(catalogue.channel(case.channel).counts_as) if fees.before_work_days else None
    return by_channel or None


def request_advance_fee(
    before: Case, accepted: CaseChange, cause: Cause, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """Request the fee and pause the clock. `accepted`: the change of acceptance, with the plan."""
    planned = accepted.case
    position = next_position(planned.position, StateEvent.PAYMENT_REQUESTED)
    if isinstance(position, Refused):
        return position
    procedure = catalogue.procedure_version(planned.procedure, planned.version)
    calendar = catalogue.calendar(catalogue.office(planned.receiving_office).calendar, at)
    pay_by = calendar.closing(
        calendar.nth_after(to_city_time(at).date(), procedure.fees.before_work_days or 1)
    )
    amount = advance_fee(planned, catalogue)
    request = CitizenRequest(
        RequestKind.PAYMENT, planned.receiving_office, asked_at=at, answer_by=pay_by, nth=1, amount=amount
    )
    tasks = reception.reopen_reception(before, planned, due_at=pay_by, catalogue=catalogue, at=at)
    unpaid = replace(planned.with_position(position), request=request, tasks=tasks)
    # The ledger is ordered: no event may lie before the acceptance.
    event = ClockEvent(ClockFact.PAYMENT_REQUESTED, max(at, planned.accepted_at or at))
    rule_cause = Cause(PAYMENT_REQUESTED, cause.id, BY_RULE)
    change = build_change(with_clock_event(unpaid, event, catalogue, at), rule_cause, at)
    return replace(change, updates=(*accepted.updates, *change.updates))


def resume_after_fee(
    before: Case, change: CaseChange, cause: Cause, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """Start the work if the fee that was paid or waived held it back; else return the change as it is."""
    if not reception.is_reception_open(before):
        return change
    tasks = plan.projected_due_dates(reception.close_reception(change.case, at), change.case, catalogue, at)
    ready = replace(change.case, tasks=tasks)
    updates = tuple(replace(update, case=ready) for update in change.updates)
    return start_processing(
        before, replace(change, case=ready, updates=updates), cause=cause, catalogue=catalogue, at=at
    )
