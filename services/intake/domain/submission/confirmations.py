"""Questions that a person must confirm before a submission is admitted.

A duplicate, one filed too early, an identity number that tells another sex or year of birth: none is surely a
mistake, so none is refused for good, and once the person confirms it, it is admitted. The first two concern
procedures about a project; elsewhere a second dossier is nothing unusual.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.intake.domain.dossier.submission import Applicant, Submission
from services.intake.words import field_error, group, refuse, text
from shared.catalogue import Catalogue, Office, PaperType, Procedure
from shared.errors import FieldError, Refused, Suggestion
from shared.typed_input.id_number import identity_holder, read_id_number
from shared.worktime import FilingAdvice, FilingWindow, OutsideCalendarError, advise, first_issue_valid_on

DUPLICATE, TOO_EARLY, ID_MISMATCH = "duplicate", "too_early", "id_mismatch"
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
    mismatch = _id_mismatch(submission.applicant)
    if mismatch is not None:
        questions.append(ConfirmationQuestion(ID_MISMATCH, mismatch))
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


def _id_mismatch(applicant: Applicant) -> FieldError | None:
    """Whether the identity number contradicts sex or year of birth, as far as these are given."""
    number = read_id_number(applicant.id_number or "", field="confirmed")
    if isinstance(number, FieldError):
        return None
    holder = identity_holder(number)
    sex = text("sexes.female" if holder.is_female else "sexes.male")
    told_sexes = {words.vi for words in group("sexes").values()}  # of any other the number says nothing
    is_other_sex = applicant.sex in told_sexes - {sex.vi}
    is_other_year = applicant.born is not None and applicant.born.year != holder.year
    if is_other_sex and is_other_year:
        return field_error("confirmed", "id_sex_and_year_differ", sex=sex, year=str(holder.year))
    if is_other_sex:
        return field_error("confirmed", "id_sex_differs", sex=sex)
    if is_other_year:
        return field_error("confirmed", "id_year_differs", year=str(holder.year))
    return None


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
