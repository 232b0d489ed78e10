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


def duplicate_scope(said: Submission) -> str | None:
    """What a dossier is about, where a second about the same is worth a question: the project."""
    return said.place.get(PROJECT)


def confirmation_questions(
    said: Submission, office: Office, catalogue: Catalogue, twin: DuplicateDossier | None, at: datetime
) -> tuple[ConfirmationQuestion, ...]:
    """All that is worth a second look, confirmed or not, so that nobody is asked twice."""
    procedure = catalogue.procedure(said.procedure or "", at.date())
    advice = _too_early(said, procedure, office, catalogue, at)
    found = (_duplicate(twin) if twin else None, _early(advice) if advice else None)
    return tuple(doubt for doubt in found if doubt)


def first_unconfirmed(found: tuple[ConfirmationQuestion, ...], confirmed: frozenset[str]) -> Refused | None:
    """The question, or None when the person has answered all of it."""
    left = tuple(doubt.error for doubt in found if doubt.word not in confirmed)
    if not left:
        return None
    return refuse("needs_confirmation", errors=left)


def _duplicate(twin: DuplicateDossier) -> ConfirmationQuestion:
    when = f"{twin.submitted_at:%H:%M %d/%m/%Y}"
    return ConfirmationQuestion(
        DUPLICATE,
        field_error("confirmed", DUPLICATE, (Suggestion(twin.code, when),), code=twin.code, when=when),
    )


def _early(advice: FilingAdvice) -> ConfirmationQuestion:
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


def _too_early(
    said: Submission, procedure: Procedure, office: Office, catalogue: Catalogue, at: datetime
) -> FilingAdvice | None:
    """The useful interval, when it has not begun: the paper must live until the window closes."""
    paper, closes = _outcome(procedure, catalogue), _closes(said, catalogue)
    if paper is None or paper.validity is None or closes is None or procedure.total is None:
        return None
    if at.date() >= first_issue_valid_on(closes, paper.validity):
        return None
    window = FilingWindow(catalogue.dated_calendar(office.calendar), closes, paper.validity, procedure.total)
    try:
        return advise(window, at)
    except OutsideCalendarError:
        return None


def _outcome(procedure: Procedure, catalogue: Catalogue) -> PaperType | None:
    try:
        paper = catalogue.paper_type(procedure.outcome.document)
    except KeyError:
        return None
    return paper if paper.validity_kind == EXPIRES else None


def _closes(said: Submission, catalogue: Catalogue) -> date | None:
    about = duplicate_scope(said)
    return next((one.window[1] for one in catalogue.projects() if one.id == about), None) if about else None
