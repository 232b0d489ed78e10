"""Checks of the places. For a former ward the error offers its successors."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.intake.words import field_error
from shared.catalogue import Catalogue, NoOffice, Procedure
from shared.errors import FieldError

PROJECT = "project"


def check_places(
    catalogue: Catalogue, procedure: Procedure, place: Mapping[str, str], on: date
) -> Iterator[FieldError]:
    """The errors of the places; without any, whether an office receives dossiers there."""
    errors = [
        *_check_missing(procedure, place),
        *_check_unexpected(procedure, place),
        *_check_known(catalogue, procedure, place, on),
    ]
    yield from errors
    if not errors:
        yield from _check_office(catalogue, procedure, place, on)


def check_ward(catalogue: Catalogue, field: str, code: str, on: date) -> FieldError | None:
    """The error of a ward that does not exist that day, with its successors as candidates."""
    if catalogue.has_ended(code, on):
        return field_error(field, "ended_place", catalogue.taken_over_by(code), value=code)
    if catalogue.valid_ward(code):
        return None
    candidates = catalogue.ward_candidates(code)
    if not candidates:
        return field_error(field, "unknown_ward", value=code)
    successors = ", ".join(candidate.label for candidate in candidates)
    return field_error(field, "former_ward", candidates, value=code, now=successors)


def _check_missing(procedure: Procedure, place: Mapping[str, str]) -> Iterator[FieldError]:
    for name in procedure.place_names:
        if not place.get(name):
            yield field_error(f"place.{name}", "required")


def _check_unexpected(procedure: Procedure, place: Mapping[str, str]) -> Iterator[FieldError]:
    for name in sorted(place.keys() - set(procedure.place_names)):
        yield field_error(f"place.{name}", "place_not_asked")


def _check_known(
    catalogue: Catalogue, procedure: Procedure, place: Mapping[str, str], on: date
) -> Iterator[FieldError]:
    for name in procedure.place_names:
        code = place.get(name)
        if not code:
            continue
        if name == PROJECT:
            error = _check_project(catalogue, code, on)
        else:
            error = check_ward(catalogue, f"place.{name}", code, on)
        if error is not None:
            yield error


def _check_project(catalogue: Catalogue, id: str, on: date) -> FieldError | None:
    try:
        catalogue.project(id)
    except KeyError:
        return field_error(f"place.{PROJECT}", "unknown_project", value=id)
    if catalogue.has_ended(id, on):
        return field_error(f"place.{PROJECT}", "ended_place", value=id)
    return None


def _check_office(
    catalogue: Catalogue, procedure: Procedure, place: Mapping[str, str], on: date
) -> Iterator[FieldError]:
    try:
        catalogue.receiving_office(procedure, place, on)
    except NoOffice as missing:
        yield field_error(missing.field, "no_office")
