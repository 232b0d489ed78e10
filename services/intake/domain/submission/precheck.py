"""Everything wrong with a submission, all at once, before it becomes a dossier."""

from collections.abc import Iterator
from datetime import date

from services.intake.domain.dossier.submission import BY_OFFICER, Submission
from services.intake.domain.submission.contact_rules import MET_IN_PERSON, check_contact
from services.intake.domain.submission.fact_rules import check_facts
from services.intake.domain.submission.paper_rules import check_papers
from services.intake.domain.submission.person_rules import check_applicant
from services.intake.domain.submission.place_rules import check_places
from services.intake.words import field_error
from shared.catalogue import Catalogue, Procedure
from shared.errors import FieldError, Suggestion

ONLINE, KIOSK = "online", "kiosk"


def precheck(
    said: Submission, catalogue: Catalogue, today: date, unread: tuple[FieldError, ...] = ()
) -> tuple[FieldError, ...]:
    """All that is wrong, in the order of the form. `unread`: fields that could not even be read."""
    wrong = [*unread, *_check(said, catalogue, today)]
    first: dict[str, FieldError] = {}
    for error in wrong:
        first.setdefault(error.field, error)
    return tuple(error for error in first.values() if not _inside(error.field, unread))


def procedure_in_force(catalogue: Catalogue, id: str | None, today: date) -> Procedure | FieldError:
    """The version of the procedure for a dossier filed today, or what is wrong with the name."""
    if not id:
        return field_error("procedure", "required")
    try:
        return catalogue.procedure(id, today)
    except KeyError:
        known = any(procedure.id == id for procedure in catalogue.all_versions())
        return field_error("procedure", "not_in_force" if known else "unknown_procedure")


def accepts_channel(procedure: Procedure, channel: str) -> bool:
    """Does the procedure take dossiers this way? (A kiosk counts as online.)"""
    return channel in procedure.channels or (channel == KIOSK and ONLINE in procedure.channels)


def _check(said: Submission, catalogue: Catalogue, today: date) -> Iterator[FieldError]:
    procedure = procedure_in_force(catalogue, said.procedure, today)
    if isinstance(procedure, FieldError):
        yield procedure
    else:
        yield from _check_by_procedure(said, catalogue, procedure, today)
    if not said.channel:
        yield field_error("channel", "required")
    if not said.filed_by:
        yield field_error("filed_by", "required")
    elif said.filed_by == BY_OFFICER and said.channel not in MET_IN_PERSON:
        yield field_error("filed_by", "proxy_or_self")
    yield from check_applicant(said.applicant, today)
    yield from check_contact(said.contact, said.channel)
    yield from check_papers(catalogue, said.papers, today)


def _check_by_procedure(
    said: Submission, catalogue: Catalogue, procedure: Procedure, today: date
) -> Iterator[FieldError]:
    if said.channel and not accepts_channel(procedure, said.channel):
        yield _not_offered(catalogue, procedure)
    yield from check_places(catalogue, procedure, said.place, today)
    yield from check_facts(catalogue, procedure, said.facts, today)
    if not said.delivery:
        yield field_error("delivery", "required")
    elif said.delivery not in procedure.outcome.delivery:
        yield _bad_delivery(catalogue, procedure)


def _not_offered(catalogue: Catalogue, procedure: Procedure) -> FieldError:
    offered = tuple(Suggestion(code, catalogue.channel(code).name.vi) for code in procedure.channels)
    ways = ", ".join(candidate.label for candidate in offered)
    return field_error("channel", "channel_not_offered", offered, ways=ways)


def _bad_delivery(catalogue: Catalogue, procedure: Procedure) -> FieldError:
    offered = tuple(Suggestion(code, catalogue.delivery_name(code).vi) for code in procedure.outcome.delivery)
    ways = ", ".join(candidate.label for candidate in offered)
    return field_error("delivery", "unknown_value", offered, ways=ways)


def _inside(field: str, unread: tuple[FieldError, ...]) -> bool:
    """Whether this field lies inside one that could not be read at all, which then says enough."""
    return any(field.startswith(f"{error.field}.") for error in unread)
