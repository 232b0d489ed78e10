"""Questions that a person must confirm before a submission is admitted: a duplicate, or one filed too early.

Neither is certainly a mistake, so neither is refused for good: once the person confirms it, it is admitted.
Both concern procedures about a project; elsewhere a second dossier is nothing unusual.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.intake.domain.dossier.submission import Submission
from services.intake.words import field_error, refuse
from shared.catalogue import Catalogue, Office, PaperType, Procedure
from shared.errors import FieldError, Refused, Suggestion
from shared.worktime import FilingAdvice, FilingWindow, OutsideCalendarError, advise, first_issue_valid_on

DUPLICATE, TOO_EARLY = "duplicate", "too_early"
PROJECT = "project"
EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class DuplicateDossier:
    """A dossier of the same person, procedure and project that is still under way."""

    code: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmationQuestion:
    """One question: the word that confirms it in `Submission.confirmed`, and the error that asks it."""

    word: str
    error: FieldError


def duplicate_scope(submission: Submission) -> str | None:
    """The project of the submission: a second dossier about the same project is a duplicate."""
    return submission.place.get(PROJECT)


def confirmation_questions(
    submission: Submission,
    office: Office,
    catalogue: Catalogue,
    duplicate: DuplicateDossier | None,
    at: datetime,
) -> tuple[ConfirmationQuestion, ...]:
    """All questions for this submission, confirmed or not, so that they are asked at once."""
    procedure = catalogue.procedure(submission.procedure or "", at.date())
    questions: list[ConfirmationQuestion] = []
    if duplicate is not None:
        questions.append(_duplicate_question(duplicate))
    advice = _filing_advice(submission, procedure, office=office, catalogue=catalogue, at=at)
    if advice is not None:
        questions.append(_too_early_question(advice))
    return tuple(questions)


def check_confirmed(questions: tuple[ConfirmationQuestion, ...], confirmed: frozenset[str]) -> Refused | None:
    """The refusal that asks the open questions; None if all are confirmed."""
    open_errors = tuple(question.error for question in questions if question.word not in confirmed)
    if not open_errors:
        return None
    return refuse("needs_confirmation", errors=open_errors)


def _duplicate_question(duplicate: DuplicateDossier) -> ConfirmationQuestion:
    submitted_at = f"{duplicate.submitted_at:%H:%M %d/%m/%Y}"
    return ConfirmationQuestion(
        DUPLICATE,
        field_error(
            "confirmed",
            DUPLICATE,
            (Suggestion(duplicate.code, submitted_at),),
            code=duplicate.code,
            when=submitted_at,
        ),
    )


def _too_early_question(advice: FilingAdvice) -> ConfirmationQuestion:
    first, last = f"{advice.from_:%d/%m/%Y}", f"{advice.to:%d/%m/%Y}"
    return ConfirmationQuestion(
        TOO_EARLY,
        field_error(
            "confirmed",
            TOO_EARLY,
            (
                Suggestion(advice.from_.isoformat(), "apply_from"),
                Suggestion(advice.to.isoformat(), "apply_until"),
            ),
            first=first,
            last=last,
        ),
    )


def _filing_advice(
    submission: Submission, procedure: Procedure, *, office: Office, catalogue: Catalogue, at: datetime
) -> FilingAdvice | None:
    """When to file instead, if it is too early: the paper must be valid until the project's window closes."""
    paper = _expiring_outcome(procedure, catalogue)
    window_end = _window_end(submission, catalogue)
    if paper is None or paper.validity is None or window_end is None or procedure.total is None:
        return None
    if at.date() >= first_issue_valid_on(window_end, paper.validity):
        return None
    window = FilingWindow(
        catalogue.dated_calendar(office.calendar), window_end, paper.validity, procedure.total
    )
    try:
        return advise(window, at)
    except OutsideCalendarError:
        return None


def _expiring_outcome(procedure: Procedure, catalogue: Catalogue) -> PaperType | None:
    try:
        paper = catalogue.paper_type(procedure.outcome.document)
    except KeyError:
        return None
    if paper.validity_kind != EXPIRES:
        return None
    return paper


def _window_end(submission: Submission, catalogue: Catalogue) -> date | None:
    project_id = duplicate_scope(submission)
    for project in catalogue.projects():
        if project.id == project_id:
            return project.window[1]
    return None
