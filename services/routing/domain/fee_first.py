"""A fee before work: where a procedure says so, acceptance asks for it and the plan waits until it is paid.

Reception stays open meanwhile: the counter has the dossier in hands, takes the money, and may waive or stop.
"""

from datetime import datetime

from services.routing.domain import plan, reception
from services.routing.domain.begin import under_way
from services.routing.domain.case import BY_RULE, Case, Cause, Change
from services.routing.domain.clock import recorded
from services.routing.domain.judged import changed
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.clock import in_city
from shared.errors import Refused
from shared.events.case import PAYMENT_REQUESTED, STATUTORY
from shared.worktime import Event
from shared.worktime import Fact as ClockFact


def owed(case: Case, catalogue: Catalogue) -> int | None:
    """The fee of this way of filing, in đồng, where it is due before work. A fee of 0 is never asked for."""
    if case.kind != STATUTORY or case.child_id is not None:
        return None
    fees = catalogue.procedure_version(case.procedure, case.version).fees
    by_channel = fees.by(catalogue.channel(case.channel).counts_as) if fees.before_work_days else None
    return by_channel or None


def ask(before: Case, accepted: Change, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """Accepted, told so, and asked to pay; the clock pauses from now on. `accepted`: its plan is made."""
    planned = accepted.case
    standing = move(planned.standing, Fact.PAYMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    procedure = catalogue.procedure_version(planned.procedure, planned.version)
    calendar = catalogue.calendar(catalogue.office(planned.receiving_office).calendar, at)
    pay_by = calendar.closing(calendar.nth_after(in_city(at).date(), procedure.fees.before_work_days or 1))
    amount = owed(planned, catalogue)
    request = OpenRequest(Asked.PAYMENT, planned.receiving_office, at, pay_by, 1, amount=amount)
    tasks = reception.kept_open(before, planned, pay_by, catalogue, at)
    unpaid = replace(planned.at(standing), request=request, tasks=tasks)
    event = Event(ClockFact.PAYMENT_REQUESTED, max(at, planned.accepted_at or at))
    by_rule = Cause(PAYMENT_REQUESTED, cause.id, BY_RULE)
    asked = changed(recorded(unpaid, event, catalogue, at), by_rule, at)
    return replace(asked, told=(*accepted.told, *asked.told))


def goes_on(before: Case, paid: Change, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """A fee that held back the plan is paid or waived: the work begins. Any other changes nothing here."""
    if not reception.is_open(before):
        return paid
    tasks = plan.foreseen(reception.closed(paid.case, at), paid.case, catalogue, at)
    ready = replace(paid.case, tasks=tasks)
    told = tuple(replace(one, case=ready) for one in paid.told)
    return under_way(before, replace(paid, case=ready, told=told), cause, catalogue, at)
