"""Admission of a submission, with office, procedure version and promise, or its refusal."""

from collections.abc import Mapping
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
    check_confirmed,
    confirmation_questions,
)
from services.intake.domain.submission.contact_rules import normalize_contact
from services.intake.domain.submission.fact_rules import normalize_facts
from services.intake.domain.submission.immediate_refusal import (
    immediate_refusal_check,
    missing_text,
    unknown_reason,
)
from services.intake.domain.submission.precheck import precheck
from services.intake.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue, NoOffice, Office, Procedure
from shared.errors import FieldError, Refused


@dataclass(frozen=True, slots=True)
class AdmittedSubmission:
    """A valid submission, with its procedure, office, deadline, papers and promise."""

    submission: Submission
    procedure: Procedure
    office: Office
    competent_office: str
    answer_by: datetime
    papers: tuple[DeclaredPaper, ...]
    papers_to_bring: tuple[PaperToBring, ...]
    promise: FirstPromise | None
    """The first promise where the dossier is accepted by rule, without a counter's act."""
    confirmed: tuple[str, ...] = ()
    """Words of the confirmation questions that the person answered with yes."""


def apply_confirmations(
    admission: AdmittedSubmission, duplicate: DuplicateDossier | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    """The admission with its confirmations, or the refusal that asks for the missing ones."""
    submission = admission.submission
    if submission.refusal:
        return admission
    questions = confirmation_questions(submission, admission.office, catalogue, duplicate, at)
    refusal = check_confirmed(questions, submission.confirmed)
    if refusal is not None:
        return refusal
    return replace(admission, confirmed=tuple(question.word for question in questions))


def admit_submission(
    submission: Submission,
    parse_errors: tuple[FieldError, ...],
    actor: Actor | None,
    catalogue: Catalogue,
    at: datetime,
    *,
    foreign_phones: bool = False,
) -> AdmittedSubmission | Refused:
    """Admit a submission that arrives at this instant, or refuse it with every error."""
    refusal = filing_refusal(actor, submission.channel)
    if refusal is not None:
        return refusal
    errors = precheck(submission, catalogue, at.date(), parse_errors, foreign_phones=foreign_phones)
    if errors:
        return fields_wrong(errors)
    contact, facts = normalize_contact(submission.contact), normalize_facts(catalogue, submission.facts)
    return _admit(replace(submission, contact=contact, facts=facts), actor, catalogue, at)


def fields_wrong(errors: tuple[FieldError, ...]) -> Refused:
    """The refusal that lists all errors at once."""
    return refuse("fields", errors=errors, count=len(errors))


def _admit(
    submission: Submission, actor: Actor | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    on = at.date()
    procedure = catalogue.procedure(submission.procedure or "", on)
    office = catalogue.receiving_office(procedure, submission.place, on)
    refusal = investor_owns_project(actor, catalogue, office.id, on)
    if refusal is not None:
        return refusal
    refusal = _check_immediate_refusal(submission, actor, catalogue, office=office.id, on=on)
    if refusal is not None:
        return refusal
    papers = declare_papers(catalogue, submission.papers)
    missing = papers_to_bring(procedure, submission)
    is_accepted_by_rule = procedure.is_auto_accepted(submission.place) and is_complete(papers, missing, on)
    promise = None
    if is_accepted_by_rule and submission.refusal is None:
        promise = first_promise(catalogue, procedure, office, submitted_at=at, accepted_at=at)
    return AdmittedSubmission(
        submission=submission,
        procedure=procedure,
        office=office,
        competent_office=_competent_office(catalogue, procedure, submission.place, on) or office.id,
        answer_by=counter_deadline(catalogue, office, at),
        papers=papers,
        papers_to_bring=missing,
        promise=promise,
    )


def _check_immediate_refusal(
    submission: Submission, actor: Actor | None, catalogue: Catalogue, *, office: str, on: date
) -> Refused | None:
    if submission.refusal is None:
        return None
    refusal = immediate_refusal_check(submission.channel, actor, catalogue, office=office, on=on)
    refusal = refusal or unknown_reason(submission.refusal, catalogue, "refused.")
    return refusal or missing_text(submission.refusal, catalogue, "refused.")


def _competent_office(
    catalogue: Catalogue, procedure: Procedure, place: Mapping[str, str], on: date
) -> str | None:
    """The office that leads the procedure at this place; None if none can be named."""
    try:
        return catalogue.office_for(procedure.lead, place, procedure, on).id
    except NoOffice:
        return None
