"""All errors of a submission at once, before it becomes a dossier."""

from collections.abc import Iterable, Iterator, Set
from datetime import date

from services.intake.domain.dossier.submission import BY_OFFICER, Submission
from services.intake.domain.submission.contact_rules import (
    CONTACT,
    MET_IN_PERSON,
    REACHABILITY,
    check_contact,
)
from services.intake.domain.submission.fact_rules import check_facts
from services.intake.domain.submission.paper_rules import check_papers
from services.intake.domain.submission.person_rules import check_applicant
from services.intake.domain.submission.place_rules import check_places
from services.intake.words import field_error
from shared.catalogue import Catalogue, Procedure
from shared.errors import FieldError, Suggestion

ONLINE, KIOSK = "online", "kiosk"


def precheck(
    submission: Submission,
    catalogue: Catalogue,
    today: date,
    parse_errors: tuple[FieldError, ...] = (),
    *,
    foreign_phones: bool = False,
) -> tuple[FieldError, ...]:
    """The first error of each field, in the order of the form. `parse_errors`: unreadable fields."""
    contact_errors = check_contact(submission.contact, submission.channel, foreign_phones=foreign_phones)
    errors = [*parse_errors, *_check(submission, catalogue, today, contact_errors)]
    first_errors: dict[str, FieldError] = {}
    for error in errors:
        first_errors.setdefault(error.field, error)
    unread = frozenset(error.field for error in parse_errors)
    return tuple(error for error in first_errors.values() if not _is_explained(error, unread))


def procedure_in_force(catalogue: Catalogue, id: str | None, today: date) -> Procedure | FieldError:
    """The version of the procedure for a dossier filed today, or the error of its id."""
    if not id:
        return field_error("procedure", "required")
    try:
        return catalogue.procedure(id, today)
    except KeyError:
        if any(procedure.id == id for procedure in catalogue.all_versions()):
            return field_error("procedure", "not_in_force")
        return field_error("procedure", "unknown_procedure")


def accepts_channel(procedure: Procedure, channel: str) -> bool:
    """Whether the procedure accepts this channel. A kiosk counts as online."""
    return channel in procedure.channels or (channel == KIOSK and ONLINE in procedure.channels)


def _check(
    submission: Submission, catalogue: Catalogue, today: date, contact_errors: Iterable[FieldError]
) -> Iterator[FieldError]:
    procedure = procedure_in_force(catalogue, submission.procedure, today)
    if isinstance(procedure, FieldError):
        yield procedure
    else:
        yield from _check_by_procedure(submission, catalogue, procedure, today)
    if not submission.channel:
        yield field_error("channel", "required")
    if not submission.filed_by:
        yield field_error("filed_by", "required")
    elif submission.filed_by == BY_OFFICER and submission.channel not in MET_IN_PERSON:
        yield field_error("filed_by", "proxy_or_self")
    yield from check_applicant(submission.applicant, today)
    yield from contact_errors
    yield from check_papers(catalogue, submission.papers, today)


def _check_by_procedure(
    submission: Submission, catalogue: Catalogue, procedure: Procedure, today: date
) -> Iterator[FieldError]:
    if submission.channel and not accepts_channel(procedure, submission.channel):
        yield _channel_not_offered(catalogue, procedure)
    yield from check_places(catalogue, procedure, submission.place, today)
    yield from check_facts(catalogue, procedure, submission.facts, today)
    if not submission.delivery:
        yield field_error("delivery", "required")
    elif submission.delivery not in procedure.outcome.delivery:
        yield _bad_delivery(catalogue, procedure)


def _channel_not_offered(catalogue: Catalogue, procedure: Procedure) -> FieldError:
    candidates = tuple(Suggestion(code, catalogue.channel(code).name.vi) for code in procedure.channels)
    names = ", ".join(candidate.label for candidate in candidates)
    return field_error("channel", "channel_not_offered", candidates, ways=names)


def _bad_delivery(catalogue: Catalogue, procedure: Procedure) -> FieldError:
    candidates = tuple(
        Suggestion(code, catalogue.delivery_name(code).vi) for code in procedure.outcome.delivery
    )
    names = ", ".join(candidate.label for candidate in candidates)
    return field_error("delivery", "unknown_value", candidates, ways=names)


def _is_explained(error: FieldError, unread: Set[str]) -> bool:
    """Whether the real mistake is one of the fields that could not be read: that error is enough."""
    if error.code in REACHABILITY and unread & CONTACT:
        return True
    end = error.field.rfind(".")
    while end > 0:
        if error.field[:end] in unread:
            return True
        end = error.field.rfind(".", 0, end)
    return False
