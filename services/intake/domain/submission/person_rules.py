"""Checks of the applicant: name, identity number, date of birth."""

import re
from collections.abc import Iterator
from datetime import date

from services.intake.domain.dossier.submission import Applicant
from services.intake.words import field_error
from shared.errors import FieldError

OLDEST_YEARS = 130
_ID_NUMBER = re.compile(r"[0-9]{12}")


def check_applicant(applicant: Applicant, today: date) -> Iterator[FieldError]:
    """The errors of the applicant's data."""
    if not applicant.name or not any(letter.isalpha() for letter in applicant.name):
        yield field_error("applicant.name", "required")
    if not applicant.id_number:
        yield field_error("applicant.id_number", "required")
    elif not _ID_NUMBER.fullmatch(applicant.id_number):
        yield field_error("applicant.id_number", "bad_id_number")
    yield from _check_born(applicant.born, today)


def _check_born(born: date | None, today: date) -> Iterator[FieldError]:
    if born is None:
        yield field_error("applicant.born", "required")
    elif born > today:
        yield field_error("applicant.born", "in_the_future")
    elif born.year < today.year - OLDEST_YEARS:
        yield field_error("applicant.born", "too_long_ago")
