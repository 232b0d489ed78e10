"""What a person is asked to look at again before it is taken: a second of the same, one too early.

Neither is a mistake that we can see, so neither is refused for good: whoever filed it says so, and it is
taken. Only procedures that are about a project know either: elsewhere a second of the same is nothing odd.
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
    """One thing to confirm: its word for `confirmed`, and the sentence that shows why."""

    word: str
    error: FieldError


def duplicate_scope(submission: Submission) -> str | None:
    """What a dossier is about, where a second about the same is worth a question: the project."""
    return submission.place.get(PROJECT)


def confirmation_questions(
    submission: Submission,
    office: Office,
    catalogue: Catalogue,
    duplicate: DuplicateDossier | None,
    at: datetime,
) -> tuple[ConfirmationQuestion, ...]:
    """All questions for this submission, confirmed or not, so that they are asked together."""
    procedure = catalogue.procedure(submission.procedure or "", at.date())
    advice = _filing_advice(submission, procedure, office, catalogue, at)
    questions = (
        _duplicate_question(duplicate) if duplicate else None,
        _too_early_question(advice) if advice else None,
    )
    return tuple(question for question in questions if question)


def first_unconfirmed(
    questions: tuple[ConfirmationQuestion, ...], confirmed: frozenset[str]
) -> Refused | None:
    """The question, or None when the person has answered all of it."""
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
    submission: Submission, procedure: Procedure, office: Office, catalogue: Catalogue, at: datetime
) -> FilingAdvice | None:
    """The useful interval, when it has not begun: the paper must live until the window closes."""
    paper, window_end = _expiring_outcome(procedure, catalogue), _window_end(submission, catalogue)
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
    return paper if paper.validity_kind == EXPIRES else None


def _window_end(submission: Submission, catalogue: Catalogue) -> date | None:
    project_id = duplicate_scope(submission)
    return (
        next((project.window[1] for project in catalogue.projects() if project.id == project_id), None)
        if project_id
        else None
    )
