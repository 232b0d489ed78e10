"""Acts before acceptance: request and record missing papers, withdraw, stop.

No clock runs yet, so no act moves a promised date. The counter's own deadline starts again when papers
arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.dossier.checklist import DeclaredPaper, PaperToBring
from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from services.intake.domain.dossier.promise import counter_deadline
from services.intake.domain.dossier.state import next_state
from services.intake.words import refuse
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.dossier import NO_ANSWER, WITHDRAWN
from shared.states import State, StateEvent


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """Form 02 as the counter fills it in. Without items it requests every paper that is missing."""

    items: tuple[str, ...]
    answer_by: datetime | None
    basis: str | None = None
    approved_by: str | None = None


def request_supplement(dossier: Dossier, request: SupplementRequest, at: datetime) -> Dossier | Refused:
    """Request all missing papers at once. A second one counts as late and needs basis and approver."""
    state = next_state(dossier.state, StateEvent.SUPPLEMENT_REQUESTED)
    if isinstance(state, Refused):
        return state
    number = dossier.supplements + 1
    missing = dossier.defective_papers(at.date())
    refusal = _check_supplement_request(request, missing, number, at)
    if refusal is not None or request.answer_by is None:
        return refusal or refuse("bad_answer_by")
    open_request = OpenSupplementRequest(
        items=request.items or missing,
        asked_at=at,
        answer_by=request.answer_by,
        nth=number,
        basis=request.basis,
        approved_by=request.approved_by,
    )
    return replace(dossier, state=state, supplement_request=open_request, supplements=number)


def record_supplement(
    dossier: Dossier, items: Sequence[str], catalogue: Catalogue, at: datetime
) -> Dossier | Refused:
    """Return the dossier to the counter with a new deadline, and strike the papers that were brought."""
    state = next_state(dossier.state, StateEvent.SUPPLEMENTED)
    if isinstance(state, Refused):
        return state
    return replace(
        dossier,
        state=state,
        supplement_request=None,
        papers_to_bring=tuple(paper for paper in dossier.papers_to_bring if not _is_brought(paper, items)),
        papers=tuple(_replace_expired(dossier, paper, items, at) for paper in dossier.papers),
        answer_by=counter_deadline(catalogue, catalogue.office(dossier.receiving_office), at),
    )


def request_withdrawal(dossier: Dossier) -> Dossier | Refused:
    """Record the request, and the state that cancelling it returns to. Papers owed stay owed."""
    state = next_state(dossier.state, StateEvent.WITHDRAWAL_REQUESTED)
    if isinstance(state, Refused):
        return state
    return replace(dossier, state=state, resume_to=dossier.state)


def cancel_withdrawal(dossier: Dossier, catalogue: Catalogue, at: datetime) -> Dossier | Refused:
    """Return to the state before the request; an answer whose time ran out gets one working day."""
    state = next_state(dossier.state, StateEvent.WITHDRAWAL_CANCELLED, dossier.resume_to)
    if isinstance(state, Refused):
        return state
    return replace(
        dossier, state=state, resume_to=None, supplement_request=_extend_by_one_day(dossier, catalogue, at)
    )


def stop_dossier(dossier: Dossier, at: datetime) -> Dossier | Refused:
    """Stop the dossier (form 05): the citizen withdrew it, or did not bring the papers in time."""
    state = next_state(dossier.state, StateEvent.STOPPED)
    if isinstance(state, Refused):
        return state
    reason = NO_ANSWER
    open_request = dossier.supplement_request
    if dossier.state is State.WITHDRAWAL_REQUESTED:
        reason = WITHDRAWN
    elif open_request is not None and open_request.answer_by > at:
        return refuse("still_time_to_answer", answer_by=f"{open_request.answer_by:%H:%M %d/%m/%Y}")
    return replace(
        dossier,
        state=state,
        supplement_request=None,
        resume_to=None,
        stopped_at=at,
        stopped_reason=reason,
    )


def _check_supplement_request(
    request: SupplementRequest, missing: tuple[str, ...], number: int, at: datetime
) -> Refused | None:
    if not (request.items or missing):
        return refuse("items_missing")
    unnamed = [item for item in missing if item not in request.items]
    if request.items and unnamed:
        return refuse("all_defects_in_one_request", names=", ".join(unnamed))
    if request.answer_by is None or request.answer_by <= at:
        return refuse("bad_answer_by")
    if number > 1 and not (request.basis and request.approved_by):
        return refuse("second_supplement_counts_as_late")
    return None


def _is_brought(paper_to_bring: PaperToBring, items: Sequence[str]) -> bool:
    return str(paper_to_bring) in items or any(type in items for type in paper_to_bring.any_of)


def _replace_expired(
    dossier: Dossier, paper: DeclaredPaper, items: Sequence[str], at: datetime
) -> DeclaredPaper:
    """The paper without the dates of its expired version; the counter checks the new ones."""
    if paper.type not in items or not dossier.is_expired(paper, at.date()):
        return paper
    return replace(paper, issued_on=None, valid_until=None, bytes=None)


def _extend_by_one_day(dossier: Dossier, catalogue: Catalogue, at: datetime) -> OpenSupplementRequest | None:
    open_request = dossier.supplement_request
    if open_request is None or open_request.answer_by >= at:
        return open_request
    calendar = catalogue.working_calendar(catalogue.office(dossier.receiving_office).calendar, at)
    return replace(open_request, answer_by=calendar.closing(calendar.nth_after(at.date(), 1)))
