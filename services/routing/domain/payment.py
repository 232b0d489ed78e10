"""A payment asked of the citizen during processing, paid, or waived by a rule."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain import fee_first
from services.routing.domain import refusals_of_asking as refusals
from services.routing.domain.case import Case, Cause, Change
from services.routing.domain.judged import cause_of, changed, resumed, waiting
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from services.routing.domain.supplement import within
from services.routing.domain.task import Nothing, Said, Task
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import Event
from shared.worktime import Fact as ClockFact


@dataclass(frozen=True, slots=True)
class Payment:
    """What arrived, in đồng, and when the citizen paid it."""

    amount: int
    paid_at: datetime


def ask(case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime) -> Change | Nothing | Refused:
    """The clock pauses from the request. A payment of nothing is never asked for."""
    before = case.request
    if before and before.kind is Asked.PAYMENT:
        same = (before.amount, before.office) == (said.wants.amount, task.office)
        return Nothing("told_twice") if same else refusals.payment_already_asked(before.amount or 0)
    standing = move(case.standing, Fact.PAYMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    if not said.wants.amount or said.wants.amount < 1:
        return refusals.amount_missing()
    if said.wants.answer_by is None or said.wants.answer_by <= at:
        return refusals.bad_answer_by()
    nth = 1 + sum(event.fact is ClockFact.PAYMENT_REQUESTED for event in case.ledger)
    request = OpenRequest(Asked.PAYMENT, task.office, at, said.wants.answer_by, nth, amount=said.wants.amount)
    paused = waiting(case, standing, request, catalogue, at)
    return changed(paused, cause_of(said), at, task=task, reason=said.reason)


def paid(case: Case, payment: Payment, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """The clock resumes when the citizen paid. Less than was asked for resumes nothing."""
    standing = move(case.standing, Fact.PAID)
    if isinstance(standing, Refused):
        return standing
    owed = case.request
    if owed is None or payment.amount < (owed.amount or 0):
        return refusals.paid_too_little(owed.amount or 0 if owed else 0)
    event = Event(ClockFact.PAID, within(payment.paid_at, owed.asked_at, at))
    running = changed(resumed(case, standing, event, catalogue, at), cause, at)
    return fee_first.goes_on(case, running, cause, catalogue, at)


def waive(
    case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime
) -> Change | Nothing | Refused:
    """An officer names the rule by which nothing is owed."""
    standing = move(case.standing, Fact.FEE_WAIVED)
    if isinstance(standing, Refused):
        return standing
    if not said.wants.rule:
        return refusals.rule_missing()
    running = resumed(case, standing, Event(ClockFact.PAID, at), catalogue, at)
    waived = changed(running, cause_of(said), at, task=task, reason=said.wants.rule)
    return fee_first.goes_on(case, waived, cause_of(said), catalogue, at)
