"""A root and its children as one: whose task it is, what its office says of it, what the clocks say.

What a child cannot have is the citizen's ear: papers and fees its offices ask for are asked in the root's
name. Decision 0012.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from services.routing.domain import refusals_of_process
from services.routing.domain.case import Case, Cause, Change
from services.routing.domain.children import ANSWERED, ended, lifted, with_child
from services.routing.domain.clock import recorded
from services.routing.domain.deadlines import Instants
from services.routing.domain.escalation import fire
from services.routing.domain.offices_answer import judged, reply
from services.routing.domain.outside import set_aside
from services.routing.domain.placing import look_again
from services.routing.domain.recount import recount
from services.routing.domain.refusals import unknown_task
from services.routing.domain.resend import Resend, resend
from services.routing.domain.standing import Fact, State
from services.routing.domain.state import ENDED, move
from services.routing.domain.task import Act, Ask, Nothing, Said
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import Event

Decided: TypeAlias = Change | Nothing | Refused
OF_THE_CITIZEN = {
    Ask.SUPPLEMENT: Fact.SUPPLEMENT_REQUESTED,
    Ask.PAYMENT: Fact.PAYMENT_REQUESTED,
    Ask.WAIVER: Fact.FEE_WAIVED,
}
"""What is asked of the citizen, who knows one dossier: it is the root's."""


def answer(case: Case | None, said: Said, catalogue: Catalogue, at: datetime) -> Decided:
    """An office's answer, wherever in the family its task lies, with all that follows for the root."""
    child = _child_with(case, said)
    if case is None or child is None:
        return reply(case, said, catalogue, at)
    if _is_the_roots(case, said.act):
        return _in_the_roots_name(case, child, said, catalogue, at)
    if said.act is Ask.RECALL:
        return refusals_of_process.child_is_used()
    return within(case, child, lambda own: reply(own, said, catalogue, at), catalogue, at)


def moved(case: Case | None, said: Resend, catalogue: Catalogue, at: datetime) -> Decided:
    """A task sent elsewhere, wherever in the family it lies."""
    owner = case.owner_of(said.task_id) if case else None
    if case is None or owner is None:
        return resend(case, said, catalogue, at)
    return within(case, owner, lambda own: resend(own, said, catalogue, at), catalogue, at)


def within(
    case: Case, owner: Case, decide: Callable[[Case], Decided], catalogue: Catalogue, at: datetime
) -> Decided:
    """What a rule makes of this member of the family, as a change of the whole."""
    decided = decide(owner)
    if owner is case or not isinstance(decided, Change):
        return decided
    change = lifted(case, decided)
    child = decided.case
    return ended(change, child, catalogue, at) if child.state in ENDED else change


def fire_all(case: Case, catalogue: Catalogue, now: datetime, known: Instants | None = None) -> Change:
    """What the clocks of the whole family have to say now; none of it ends a dossier."""
    known = known or Instants(catalogue, now)
    return _each(case, lambda own: fire(own, catalogue, now, known)) or Change(case, ())


def recount_all(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | None:
    """The whole family by the calendar as known now; None where nothing differs."""
    return _each(case, lambda own: recount(own, cause, catalogue, at))


def placed_all(case: Case, cause: Cause, catalogue: Catalogue, at: datetime) -> Change | None:
    """The whole family by the offices as known now; None where nothing differs."""
    return _each(case, lambda own: look_again(own, cause, catalogue, at))


def _each(case: Case, look: Callable[[Case], Change | None]) -> Change | None:
    """What is found of the root and of each of its children, as one change; None where nothing is."""
    change = look(case)
    for child in case.children:
        found = look(child)
        if found is not None:
            earlier = change or Change(case, ())
            more = lifted(earlier.case, found)
            change = Change(more.case, (*earlier.told, *more.told), (*earlier.sent, *more.sent))
    return change


def _child_with(case: Case | None, said: Said) -> Case | None:
    owner = case.owner_of(said.task_id) if case else None
    return owner if owner is not case else None


def _is_the_roots(case: Case, act: Act | Ask) -> bool:
    return act in OF_THE_CITIZEN or (act is Ask.STOP and case.state is State.WITHDRAWAL_REQUESTED)


def _in_the_roots_name(case: Case, child: Case, said: Said, catalogue: Catalogue, at: datetime) -> Decided:
    """The root asks the citizen, or stops as they wished; the child waits with it, and for no other."""
    task = child.task(said.task_id)
    decided = judged(case, task, said, catalogue, at) if task else unknown_task()
    if not isinstance(decided, Change) or decided.case.state not in ANSWERED:
        return decided
    standing = move(child.standing, OF_THE_CITIZEN[said.act]) if isinstance(said.act, Ask) else None
    if standing is None or isinstance(standing, Refused):
        return standing or decided
    waits = set_aside(child, at).at(standing)
    asked = Event(decided.case.ledger[-1].fact, at)
    return with_child(decided, recorded(waits, asked, catalogue, at))
