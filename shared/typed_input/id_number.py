"""The identity number: twelve digits, written in groups, and what it tells of its holder.

By decree 137/2015/NĐ-CP, article 13, and circular 59/2021/TT-BCA, article 4: digits 1–3 are the province,
digit 4 the century and the sex, digits 5–6 the year of birth.
"""

import re
from dataclasses import dataclass

from shared.errors import FieldError
from shared.typed_input.characters import ascii_figures, visible_text, without_blanks
from shared.typed_input.words import field_error

LONGEST = 60
_WRITTEN = re.compile("[0-9.,\\-\u2010-\u2015\u2212]+")
_DIGITS, _FORMER_DIGITS = 12, 9


@dataclass(frozen=True, slots=True)
class IdentityHolder:
    """Sex and year of birth as an identity number tells them."""

    is_female: bool
    year: int


def read_id_number(typed: str, *, field: str) -> str | FieldError:
    """The twelve digits without blanks, dots and dashes."""
    if len(typed) == _DIGITS and typed.isascii() and typed.isdigit():
        return typed
    visible = visible_text(typed) if len(typed) <= LONGEST else None
    text = without_blanks(ascii_figures(visible or ""))
    if not _WRITTEN.fullmatch(text):
        return field_error(field, "bad_id_number")
    digits = re.sub("[^0-9]", "", text)
    if len(digits) == _FORMER_DIGITS:
        return field_error(field, "former_id_number")
    if len(digits) != _DIGITS:
        return field_error(field, "bad_id_number")
    return digits


def grouped_id_number(digits: str) -> str:
    """The number in groups of three, as people read it out."""
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def identity_holder(digits: str) -> IdentityHolder:
    """Sex and year of birth of the holder of a number of twelve digits."""
    century, female = divmod(int(digits[3]), 2)
    return IdentityHolder(is_female=bool(female), year=1900 + 100 * century + int(digits[4:6]))
