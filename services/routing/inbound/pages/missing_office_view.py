"""View of a dossier that waits for an office: its steps, the place, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.case.case import Case
from shared.catalogue import Catalogue, Procedure
from shared.events.case import MissingOffice
from shared.words import BilingualText


@dataclass(frozen=True, slots=True)
class MissingOfficeView:
    """A missing office. `place`: the label of the form's field; `value`: its entry, a ward by name."""

    role: str
    steps: Sequence[BilingualText]
    place: BilingualText
    value: str
    why: str
    since: datetime


def missing_offices(case: Case, catalogue: Catalogue) -> list[MissingOfficeView]:
    """Views of the missing offices of a dossier and its children."""
    views = (missing_office(member, catalogue) for member in case.family)
    return list(filter(None, views))


def missing_office(case: Case, catalogue: Catalogue) -> MissingOfficeView | None:
    """The view for one dossier; None if it waits for no office."""
    if case.unplaced is None:
        return None
    return format_place(case.unplaced, catalogue.procedure_version(case.procedure, case.version), catalogue)


def format_place(missing: MissingOffice, procedure: Procedure, catalogue: Catalogue) -> MissingOfficeView:
    """The view of a missing office, with names from the catalogue."""
    return MissingOfficeView(
        role=missing.role,
        steps=[step.title for step in procedure.steps if step.role == missing.role],
        place=_place_label(missing.field, catalogue),
        value=_place_value(missing.value or "", catalogue),
        why=missing.why,
        since=missing.since,
    )


def _place_label(field: str, catalogue: Catalogue) -> BilingualText:
    try:
        return catalogue.place_label(field.removeprefix("place."))
    except KeyError:
        return BilingualText(field, field)


def _place_value(value: str, catalogue: Catalogue) -> str:
    if not catalogue.valid_ward(value):
        return value
    return f"{catalogue.ward(value).name} ({value})"
