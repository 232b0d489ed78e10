"""What may happen at the door before acceptance: papers asked for and brought, a withdrawal, a stop.

No clock runs yet, so nothing here moves a date that was promised. The desk's own time begins anew when
papers arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.dossier.checklist import DeclaredPaper, PaperToBring
from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from services.intake.domain.dossier.promise import counter_deadline
from services.intake.domain.dossier.state import State, StateEvent, next_state
from services.intake.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.dossier import NO_ANSWER, WITHDRAWN


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """Form 02 as the counter writes it. Without items: everything the dossier lacks."""

    items: tuple[str, ...]
    answer_by: datetime | None
    basis: str | None = None
    approved_by: str | None = None


def request_supplement(dossier: Dossier, wants: SupplementRequest, at: datetime) -> Dossier | Refused:
    """All defects in one request. The second needs its basis and the head's name: it counts as late."""
    state = next_state(dossier.state, StateEvent.SUPPLEMENT_REQUESTED)
    if isinstance(state, Refused):
        return state
    nth, lacking = dossier.supplements + 1, dossier.defective_papers(at.date())
    wrong = _wrong(wants, lacking, nth, at)
    if wrong is not None or wants.answer_by is None:
        return wrong or refuse("bad_answer_by")
    items = wants.items or lacking
    asked = OpenSupplementRequest(items, at, wants.answer_by, nth, wants.basis, wants.approved_by)
    return replace(dossier, state=state, asked=asked, supplements=nth)


def record_supplement(
    dossier: Dossier, items: Sequence[str], catalogue: Catalogue, at: datetime
) -> Dossier | Refused:
    """Back to the counter, which has its own time again. What was brought is no longer missing."""
    state = next_state(dossier.state, StateEvent.SUPPLEMENTED)
    if isinstance(state, Refused):
        return state
    return replace(
        dossier,
        state=state,
        asked=None,
        wanted=tuple(one for one in dossier.wanted if not _settled(one, items)),
        papers=tuple(_renewed(paper, items, at) for paper in dossier.papers),
        answer_by=counter_deadline(catalogue, catalogue.office(dossier.receiving_office), at),
    )


def request_withdrawal(dossier: Dossier) -> Dossier | Refused:
    """Asked for; where from is kept, and what was owed stays owed."""
    state = next_state(dossier.state, StateEvent.WITHDRAWAL_REQUESTED)
    if isinstance(state, Refused):
        return state
    return replace(dossier, state=state, resume_to=dossier.state)


def cancel_withdrawal(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Dossier | Refused:
    """Back to exactly where it was asked from; one working day is left where the answer's time ran out."""
    state = next_state(dossier.state, StateEvent.WITHDRAWAL_CANCELLED, dossier.resume_to)
    if isinstance(state, Refused):
        return state
    return replace(dossier, state=state, resume_to=None, asked=_with_a_day_left(dossier, catalogue, at))


def stop_dossier(dossier: Dossier, at: datetime) -> Dossier | Refused:
    """Form 05, by an officer: as the citizen asked, or because the papers did not come in time."""
    state = next_state(dossier.state, StateEvent.STOPPED)
    if isinstance(state, Refused):
        return state
    withdrawn = dossier.state is State.WITHDRAWAL_REQUESTED
    if not withdrawn and dossier.asked is not None and dossier.asked.answer_by > at:
        return refuse("still_time_to_answer", answer_by=f"{dossier.asked.answer_by:%H:%M %d/%m/%Y}")
    return replace(
        dossier,
        state=state,
        asked=None,
        resume_to=None,
        stopped_at=at,
        stopped_reason=WITHDRAWN if withdrawn else NO_ANSWER,
    )


def _wrong(wants: SupplementRequest, lacking: tuple[str, ...], nth: int, at: datetime) -> Refused | None:
    if not (wants.items or lacking):
        return refuse("items_missing")
    left = tuple(item for item in lacking if item not in wants.items) if wants.items else ()
    if left:
        return refuse("all_defects_in_one_request", names=", ".join(left))
    if wants.answer_by is None or wants.answer_by <= at:
        return refuse("bad_answer_by")
    if nth > 1 and not (wants.basis and wants.approved_by):
        return refuse("second_supplement_counts_as_late")
    return None


def _settled(wanted: PaperToBring, items: Sequence[str]) -> bool:
    return str(wanted) in items or any(one in items for one in wanted.any_of)


def _renewed(paper: DeclaredPaper, items: Sequence[str], at: datetime) -> DeclaredPaper:
    """The new paper in place of the one that had run out; its dates are for the counter to see."""
    if paper.type not in items or not paper.is_expired(at.date()):
        return paper
    return replace(paper, issued_on=None, valid_until=None, bytes=None)


def _with_a_day_left(dossier: Dossier, catalogue: Catalogue, at: datetime) -> OpenSupplementRequest | None:
    asked = dossier.asked
    if asked is None or asked.answer_by >= at:
        return asked
    calendar = catalogue.calendar(catalogue.office(dossier.receiving_office).calendar, at)
    return replace(asked, answer_by=calendar.closing(calendar.nth_after(at.date(), 1)))
