"""Checks of the applicant: name, identity number, date of birth."""

from collections.abc import Iterator
from datetime import date

from services.intake.domain.dossier.submission import Applicant
from services.intake.words import field_error
from shared.errors import FieldError
from shared.typed_input.days import BirthDate
from shared.typed_input.id_number import read_id_number

OLDEST_YEARS = 130
ID_NUMBER = "applicant.id_number"


def check_applicant(applicant: Applicant, today: date) -> Iterator[FieldError]:
    """The errors of the applicant's data."""
    if not applicant.name or not any(letter.isalpha() for letter in applicant.name):
        yield field_error("applicant.name", "required")
    if not applicant.id_number:
        yield field_error(ID_NUMBER, "required")
    else:
        number = read_id_number(applicant.id_number, field=ID_NUMBER)
        if isinstance(number, FieldError):
            yield number
    yield from _check_born(applicant.born, today)


def _check_born(born: BirthDate | None, today: date) -> Iterator[FieldError]:
    if born is None:
        yield field_error("applicant.born", "required")
    elif born.earliest > today:
        yield field_error("applicant.born", "in_the_future")
    elif born.year < today.year - OLDEST_YEARS:
        yield field_error("applicant.born", "too_long_ago")
