"""A payment asked of the citizen during processing, paid, or waived by a rule."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.acts.supplement import effective_answer_time
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.open_request import CitizenRequest, RequestKind
from services.routing.domain.case.position import StateEvent
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect, Task, TaskReply
from services.routing.domain.plan import advance_fee
from services.routing.domain.plan.effects import applied, pause_clock, reply_cause, resume_clock
from services.routing.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact


@dataclass(frozen=True, slots=True)
class Payment:
    """What arrived, in đồng, and when the citizen paid it."""

    amount: int
    paid_at: datetime


def request_payment(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The clock pauses from the request. A payment of nothing is never asked for."""
    before = case.request
    if before and before.kind is RequestKind.PAYMENT:
        same = (before.amount, before.office) == (said.wants.amount, task.office)
        return NoEffect("told_twice") if same else refuse("payment_already_asked", amount=before.amount or 0)
    standing = next_position(case.position, StateEvent.PAYMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    if not said.wants.amount or said.wants.amount < 1:
        return refuse("amount_missing")
    if said.wants.answer_by is None or said.wants.answer_by <= at:
        return refuse("bad_answer_by")
    nth = 1 + sum(event.fact is ClockFact.PAYMENT_REQUESTED for event in case.ledger)
    request = CitizenRequest(
        RequestKind.PAYMENT, task.office, at, said.wants.answer_by, nth, amount=said.wants.amount
    )
    paused = pause_clock(case, standing, request, catalogue, at)
    return applied(paused, reply_cause(said), at, task=task, reason=said.reason)


def record_payment(
    case: Case, payment: Payment, cause: Cause, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """The clock resumes when the citizen paid. Less than was asked for resumes nothing."""
    standing = next_position(case.position, StateEvent.PAID)
    if isinstance(standing, Refused):
        return standing
    owed = case.request
    if owed is None or payment.amount < (owed.amount or 0):
        return refuse("paid_too_little", amount=owed.amount or 0 if owed else 0)
    event = ClockEvent(ClockFact.PAID, effective_answer_time(payment.paid_at, owed.asked_at, at))
    running = applied(resume_clock(case, standing, event, catalogue, at), cause, at)
    return advance_fee.resume_after_fee(case, running, cause, catalogue, at)


def waive_fee(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """An officer names the rule by which nothing is owed."""
    standing = next_position(case.position, StateEvent.FEE_WAIVED)
    if isinstance(standing, Refused):
        return standing
    if not said.wants.rule:
        return refuse("rule_missing")
    running = resume_clock(case, standing, ClockEvent(ClockFact.PAID, at), catalogue, at)
    waived = applied(running, reply_cause(said), at, task=task, reason=said.wants.rule)
    return advance_fee.resume_after_fee(case, waived, reply_cause(said), catalogue, at)
