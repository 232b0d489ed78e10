"""Fees due before work: if the procedure requires one, the plan waits until the citizen has paid.

Reception stays open meanwhile: the counter takes the money, and may waive the fee or stop the dossier.
"""

from dataclasses import replace

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.clock.case_clock import with_clock_event
from services.routing.domain.plan import plan, reception
from services.routing.domain.plan.effects import build_change
from services.routing.domain.plan.start_processing import start_processing
from shared.errors import Refused
from shared.events.case import PAYMENT_REQUESTED, STATUTORY, CitizenRequest, RequestKind
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def advance_fee(case: Case, rules: Rules) -> int | None:
    """The fee due before work for the channel of filing, in đồng; None if there is none or it is 0."""
    if case.kind != STATUTORY or case.child_id is not None:
        return None
    fees = rules.procedure_of(case).fees
    if not fees.before_work_days:
        return None
    return fees.fee_for(rules.catalogue.channel(case.channel).counts_as) or None


def request_advance_fee(
    before: Case, accepted: CaseChange, cause: Cause, rules: Rules
) -> CaseChange | Refused:
    """Request the fee and pause the clock. `accepted`: the change of acceptance, with the plan."""
    planned = accepted.case
    position = next_position(planned.position, StateEvent.PAYMENT_REQUESTED)
    if isinstance(position, Refused):
        return position
    procedure = rules.procedure_of(planned)
    calendar = rules.calendar_of(planned.receiving_office)
    pay_by = calendar.closing(calendar.nth_after(rules.today, procedure.fees.before_work_days or 1))
    amount = advance_fee(planned, rules)
    request = CitizenRequest(
        RequestKind.PAYMENT,
        planned.receiving_office,
        asked_at=rules.now,
        answer_by=pay_by,
        nth=1,
        amount=amount,
    )
    waiting_case = reception.reopen_reception(before, planned, due_at=pay_by, rules=rules)
    unpaid = replace(waiting_case.with_position(position), request=request)
    # The ledger is ordered: no event may lie before the acceptance.
    event = ClockEvent(ClockFact.PAYMENT_REQUESTED, max(rules.now, planned.accepted_at or rules.now))
    rule_cause = Cause(PAYMENT_REQUESTED, cause.id, BY_RULE)
    return accepted.then(build_change(with_clock_event(unpaid, event, rules), rule_cause, rules.now))


def resume_after_fee(before: Case, change: CaseChange, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Start the work if the fee that was paid or waived held it back; else return the change as it is."""
    if not reception.is_reception_open(before):
        return change
    ready_case = plan.project_due_dates(reception.close_reception(change.case, rules.now), rules)
    return start_processing(before, change.with_case(ready_case), cause, rules)
