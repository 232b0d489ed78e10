"""What every judged fact leaves behind: the case after it, told once, or the reason why not, told as well."""

from datetime import datetime

from services.routing.domain.budgets import rebudgeted
from services.routing.domain.case import Case, Cause, Change, Sent, Told
from services.routing.domain.clock import recorded
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.outside import levelled, set_aside
from services.routing.domain.standing import Standing
from services.routing.domain.task import Said, Task
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.case import DECLINED, UPDATED
from shared.worktime import Event, Fact


def changed(
    case: Case,
    cause: Cause,
    at: datetime,
    *,
    task: Task | None = None,
    reason: str | None = None,
    sent: tuple[Sent, ...] = (),
) -> Change:
    """This fact had its effect."""
    return Change(case, (Told(UPDATED, case, cause, at, task, reason),), sent)


def declined(case: Case, why: Refused, cause: Cause, at: datetime) -> Change:
    """This request came too late or against a rule: the case stays, and the city hears why."""
    return Change(case, (Told(DECLINED, case, cause, at, reason=why.code, declined=why),))


OPENS = {Asked.SUPPLEMENT: Fact.SUPPLEMENT_REQUESTED, Asked.PAYMENT: Fact.PAYMENT_REQUESTED}


def waiting(case: Case, standing: Standing, request: OpenRequest, catalogue: Catalogue, at: datetime) -> Case:
    """The case with its clock standing for its citizen; what was to be stopped is not any more."""
    owed = replace(set_aside(case, at).at(standing), request=request, stop_asked=None)
    return recorded(owed, Event(OPENS[request.kind], at), catalogue, at)


def resumed(case: Case, standing: Standing, event: Event, catalogue: Catalogue, at: datetime) -> Case:
    """The case with its clock running again: nothing is owed, open tasks get what is left of their time.

    A stop that was written because the citizen was silent has lost its reason.
    """
    answered = replace(case.at(standing), request=None, stop_asked=None)
    running = recorded(answered, event, catalogue, at)
    return levelled(rebudgeted(running, catalogue, at), catalogue, at)


def cause_of(said: Said) -> Cause:
    """An office's word as what led to a change."""
    return Cause(said.because, said.because_id, said.actor, said.stated_at)
