"""What may come in: admitted with its office, version and promise, or refused by name."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.intake.domain.dossier.checklist import (
    DeclaredPaper,
    PaperToBring,
    declare_papers,
    is_complete,
    papers_to_bring,
)
from services.intake.domain.dossier.dossier import FirstPromise
from services.intake.domain.dossier.promise import counter_deadline, first_promise
from services.intake.domain.dossier.submission import Submission
from services.intake.domain.submission.access import filing_refusal, investor_owns_project
from services.intake.domain.submission.confirmations import (
    DuplicateDossier,
    confirmation_questions,
    first_unconfirmed,
)
from services.intake.domain.submission.contact_rules import normalize_contact
from services.intake.domain.submission.immediate_refusal import immediate_refusal_check, unknown_reason
from services.intake.domain.submission.precheck import precheck
from services.intake.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue, NoOffice, Office, Procedure
from shared.errors import FieldError, Refused


@dataclass(frozen=True, slots=True)
class AdmittedSubmission:
    """A submission in order, and all that follows from it by rule."""

    said: Submission
    procedure: Procedure
    office: Office
    competent_office: str
    answer_by: datetime
    papers: tuple[DeclaredPaper, ...]
    wanted: tuple[PaperToBring, ...]
    promised: FirstPromise | None
    """The first promise where the dossier is accepted by rule, without a counter's act."""
    confirmed: tuple[str, ...] = ()
    """What the person was asked to look at again, and filed all the same."""


def apply_confirmations(
    admission: AdmittedSubmission, twin: DuplicateDossier | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    """The admission with what was confirmed, or the question that is still open."""
    said = admission.said
    if said.refused:
        return admission
    found = confirmation_questions(said, admission.office, catalogue, twin, at)
    return first_unconfirmed(found, said.confirmed) or replace(
        admission, confirmed=tuple(doubt.word for doubt in found)
    )


def admit_submission(
    said: Submission,
    unread: tuple[FieldError, ...],
    actor: Actor | None,
    catalogue: Catalogue,
    at: datetime,
) -> AdmittedSubmission | Refused:
    """What becomes of a submission that arrives now."""
    barred = filing_refusal(actor, said.channel)
    if barred is not None:
        return barred
    wrong = precheck(said, catalogue, at.date(), unread)
    if wrong:
        return fields_wrong(wrong)
    return _admit(replace(said, contact=normalize_contact(said.contact)), actor, catalogue, at)


def fields_wrong(errors: tuple[FieldError, ...]) -> Refused:
    """Everything wrong at once, so that nobody corrects twice."""
    return refuse("fields", errors=errors, count=len(errors))


def _admit(
    said: Submission, actor: Actor | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    on = at.date()
    procedure = catalogue.procedure(said.procedure or "", on)
    office = catalogue.receiving_office(procedure, said.place, on)
    not_theirs = investor_owns_project(actor, catalogue, office.id, on)
    if not_theirs is not None:
        return not_theirs
    barred = _turned_away(said, actor, catalogue, office, on)
    if barred is not None:
        return barred
    papers, lacking = declare_papers(catalogue, said.papers), papers_to_bring(procedure, said)
    whole_by_rule = procedure.is_auto_accepted(said.place) and is_complete(papers, lacking, on)
    by_rule = whole_by_rule and said.refused is None
    return AdmittedSubmission(
        said=said,
        procedure=procedure,
        office=office,
        competent_office=_competent(catalogue, procedure, said, office, at),
        answer_by=counter_deadline(catalogue, office, at),
        papers=papers,
        wanted=lacking,
        promised=first_promise(catalogue, procedure, office, at, at) if by_rule else None,
    )


def _turned_away(
    said: Submission, actor: Actor | None, catalogue: Catalogue, office: Office, on: date
) -> Refused | None:
    if said.refused is None:
        return None
    barred = immediate_refusal_check(said.channel, actor, catalogue, office.id, on)
    return barred or unknown_reason(said.refused, catalogue, "refused.reason_code")


def _competent(
    catalogue: Catalogue, procedure: Procedure, said: Submission, office: Office, at: datetime
) -> str:
    try:
        return catalogue.office_for(procedure.lead, said.place, procedure, at.date()).id
    except NoOffice:
        return office.id
