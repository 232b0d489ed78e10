"""Payments of the citizen during processing: requested, paid, or waived by a rule."""

from services.routing.domain.acts.supplement import effective_answer_time
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.office_act import OfficeAct, always
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskReply
from services.routing.domain.plan import advance_fee
from services.routing.domain.plan.effects import build_change, pause_clock, reply_cause, resume_clock
from services.routing.words import refuse
from shared.errors import Refused
from shared.events import agency
from shared.events.case import CitizenRequest, RequestKind
from shared.events.dossier import DossierPaid
from shared.states import StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


def request_payment(
    case: Case, task: Task, reply: TaskReply, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Request a payment of at least 1 đồng and pause the clock."""
    before = case.request
    if before and before.kind == RequestKind.PAYMENT:
        is_same = (before.amount, before.office) == (reply.details.amount, task.office)
        if is_same:
            return NoEffect("already_applied")
        return refuse("payment_already_asked", amount=before.amount or 0)
    position = next_position(case.position, StateEvent.PAYMENT_REQUESTED)
    if isinstance(position, Refused):
        return position
    if not reply.details.amount or reply.details.amount < 1:
        return refuse("amount_missing")
    if reply.details.answer_by is None or reply.details.answer_by <= rules.now:
        return refuse("bad_answer_by")
    nth = 1 + sum(event.fact is ClockFact.PAYMENT_REQUESTED for event in case.ledger)
    request = CitizenRequest(
        RequestKind.PAYMENT,
        task.office,
        asked_at=rules.now,
        answer_by=reply.details.answer_by,
        nth=nth,
        amount=reply.details.amount,
    )
    paused_case = pause_clock(case, position, request=request, rules=rules)
    return build_change(paused_case, reply_cause(reply), rules.now, task=task, reason=reply.reason)


def record_payment(case: Case, payment: DossierPaid, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Record a payment; the clock resumes from it. Less than the requested amount is refused."""
    position = next_position(case.position, StateEvent.PAID)
    if isinstance(position, Refused):
        return position
    request = case.request
    if request is None or payment.amount < (request.amount or 0):
        return refuse("paid_too_little", amount=request.amount or 0 if request else 0)
    event = ClockEvent(ClockFact.PAID, effective_answer_time(payment.paid_at, request.asked_at, rules.now))
    change = build_change(resume_clock(case, position, event=event, rules=rules), cause, rules.now)
    return advance_fee.resume_after_fee(case, change, cause=cause, rules=rules)


def waive_fee(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Waive the requested fee by a rule that the officer names."""
    position = next_position(case.position, StateEvent.FEE_WAIVED)
    if isinstance(position, Refused):
        return position
    if not reply.details.rule:
        return refuse("rule_missing")
    resumed_case = resume_clock(case, position, event=ClockEvent(ClockFact.PAID, rules.now), rules=rules)
    change = build_change(resumed_case, reply_cause(reply), rules.now, task=task, reason=reply.details.rule)
    return advance_fee.resume_after_fee(case, change, cause=reply_cause(reply), rules=rules)


ACTS = (
    OfficeAct(
        request=OfficeRequest.PAYMENT,
        event_type=agency.PAYMENT_ASKED,
        rule=request_payment,
        moves=StateEvent.PAYMENT_REQUESTED,
        is_offered=always,
        of_citizen=True,
    ),
    OfficeAct(
        request=OfficeRequest.WAIVER,
        event_type="dossier.fee_waived.v1",
        rule=waive_fee,
        moves=StateEvent.FEE_WAIVED,
        is_offered=always,
        at_counter=True,
        of_citizen=True,
    ),
)
