"""A fee before work: where a procedure says so, acceptance asks for it and the plan waits until it is paid.

Reception stays open meanwhile: the counter has the dossier in hands, takes the money, and may waive or stop.
"""

from dataclasses import replace
from datetime import datetime

from services.routing.domain import plan
from services.routing.domain.begin import received, under_way
from services.routing.domain.case import BY_RULE, Case, Cause, Change
from services.routing.domain.clock import recorded
from services.routing.domain.judged import changed
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.standing import Fact
from services.routing.domain.state import move
from services.routing.domain.task import Act, Ask, Task
from shared.catalogue import Catalogue
from shared.clock import in_city
from shared.errors import Refused
from shared.events.case import PAYMENT_REQUESTED, STATUTORY
from shared.worktime import Event
from shared.worktime import Fact as ClockFact

AT_THE_COUNTER = frozenset({Ask.WAIVER, Ask.STOP, Ask.CONFIRMED_STOP})


def owed(case: Case, catalogue: Catalogue) -> int | None:
    """The fee of this way of filing, in đồng, where it is due before work. A fee of 0 is never asked for."""
    if case.kind != STATUTORY or case.child_id is not None:
        return None
    fees = catalogue.procedure_version(case.procedure, case.version).fees
    by_channel = fees.by(catalogue.channel(case.channel).counts_as) if fees.before_work_days else None
    return by_channel or None


def ask(before: Case, planned: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """Accepted, told so, and asked to pay; the clock pauses from its first moment."""
    standing = move(planned.standing, Fact.PAYMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    procedure = catalogue.procedure_version(planned.procedure, planned.version)
    calendar = catalogue.calendar(catalogue.office(planned.receiving_office).calendar, at)
    pay_by = calendar.closing(calendar.nth_after(in_city(at).date(), procedure.fees.before_work_days or 1))
    amount = owed(planned, catalogue)
    request = OpenRequest(Asked.PAYMENT, planned.receiving_office, at, pay_by, 1, amount=amount)
    unpaid = replace(
        planned.at(standing), request=request, tasks=_reception(before, planned, pay_by, catalogue, at)
    )
    event = Event(ClockFact.PAYMENT_REQUESTED, max(at, planned.accepted_at or at))
    by_rule = Cause(PAYMENT_REQUESTED, cause.id, BY_RULE)
    asked = changed(recorded(unpaid, event, catalogue, at), by_rule, at)
    return replace(asked, told=(*changed(planned, cause, at).told, *asked.told))


def may_be_said(case: Case, act: Act | Ask) -> bool:
    """What may be said of a reception that waits for its fee."""
    return case.accepted_at is not None and act in AT_THE_COUNTER


def goes_on(before: Case, paid: Change, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """A fee that held back the plan is paid or waived: the work begins. Any other changes nothing here."""
    if not any(task.is_receive and task.is_open for task in before.tasks):
        return paid
    tasks = tuple(received(task, at, "accepted") if task.is_receive else task for task in paid.case.tasks)
    ready = replace(paid.case, tasks=plan.foreseen(tasks, paid.case, catalogue, at))
    told = tuple(replace(one, case=ready) for one in paid.told)
    return under_way(before, replace(paid, case=ready, told=told), cause, catalogue, at)


def _reception(
    before: Case, planned: Case, pay_by: datetime, catalogue: Catalogue, at: datetime
) -> tuple[Task, ...]:
    """The door's own task once more in hands, due when the citizen must have paid; then the plan."""
    again = plan.receive_task(planned, pay_by, catalogue, at)
    at_door = next((task for task in before.tasks if task.is_receive), None)
    if at_door is not None:
        again = replace(again, id=at_door.id, n=at_door.n)
    return (again, *(task for task in planned.tasks if not task.is_receive))
