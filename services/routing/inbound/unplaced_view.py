"""What a page says of a dossier that waits for an office: for which steps, at which place, since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.case import Case
from services.routing.domain.unplaced import Unplaced
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Missing:
    """`where`: what the form asks for there; `value`: what was answered, a ward by its name if it has one."""

    role: str
    steps: Sequence[Words]
    where: Words
    value: str
    why: str
    since: datetime


def missing_of_all(case: Case, catalogue: Catalogue) -> list[Missing]:
    """Of the dossier and of its children."""
    return [found for one in case.family if (found := missing_of(one, catalogue))]


def missing_of(case: Case, catalogue: Catalogue) -> Missing | None:
    """None where it waits for no office."""
    if case.unplaced is None:
        return None
    return in_words(case.unplaced, catalogue.procedure_version(case.procedure, case.version), catalogue)


def in_words(missing: Unplaced, procedure: Procedure, catalogue: Catalogue) -> Missing:
    """As people read it."""
    return Missing(
        role=missing.role,
        steps=[step.title for step in procedure.steps if step.role == missing.role],
        where=_where(missing.field, catalogue),
        value=_named(missing.value or "", catalogue),
        why=missing.why,
        since=missing.since,
    )


def _where(field: str, catalogue: Catalogue) -> Words:
    try:
        return catalogue.place_label(field.removeprefix("place."))
    except KeyError:
        return Words(field, field)


def _named(value: str, catalogue: Catalogue) -> str:
    return f"{catalogue.ward(value).name} ({value})" if catalogue.valid_ward(value) else value
