"""Phone numbers as people write them: `0912 345 678`, `+84 (0) 912-345-678`, `0084912345678`."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from shared.errors import FieldError, Suggestion
from shared.typed_input.characters import ascii_figures, visible_text, without_blanks
from shared.typed_input.word_patterns import either
from shared.typed_input.words import field_error

LONGEST = 60
_TWO_NUMBERS = 18
"""So many digits are two numbers: one has at most fifteen, by E.164."""
COUNTRY = "VN"

_MOBILE = re.compile(r"(?:\+84|0)((?:3[2-9]|5[689]|7[06-9]|8[1-8]|9[0-8])[0-9]{7})")
"""The usual form of a mobile number, matched first for speed; `phonenumbers` parses all others."""
_NO_TEXTS = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE})
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_NO_COUNTRY = "001"
"""The region of numbers that belong to no country: satellite phones, and international services."""
_DASHES = "\\-\u2010-\u2015\u2212"
_NUMBER = re.compile(rf"\(?\+?[0-9().{_DASHES}]+")
"""What a number is written with once blanks are out; `phonenumbers` would read letters as digits."""
_EXTENSION = re.compile(rf"[0-9](?:{either('extension')}|#):?[0-9]{{1,6}}$", re.IGNORECASE)
_SEVERAL = re.compile(rf"[0-9]{{8,}}(?:[,;/|&]|{either('several')})+[+(]*[0-9(]{{8,}}", re.IGNORECASE)
_FORMER_MOBILE = re.compile(r"(?:\+84|0084|84|0)(1[2689][0-9])([0-9]{7})")
_PREFIXES_OF_2018 = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip
"""Numbers of eleven digits lost one in September 2018, by the plan of the Ministry of Information."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A valid phone number in E.164 form (+84…). `is_foreign`: of another country."""

    e164: str
    takes_texts: bool = True
    is_foreign: bool = False


def read_phone(typed: str, *, field: str) -> PhoneNumber | FieldError:
    """The number. A letter is never taken for a digit, and an extension is never dropped."""
    mobile = _MOBILE.fullmatch(typed)
    if mobile:
        return PhoneNumber(f"+84{mobile[1]}")
    if len(typed) > LONGEST:
        return field_error(field, "too_long", most=LONGEST)
    return _read_uncommon(typed, field)


def national_phone(e164: str) -> str:
    """A number as people in the country write it (`0912 345 678`); a foreign one with its country."""
    mobile = _MOBILE.fullmatch(e164)
    if mobile:
        digits = mobile[1]
        return f"0{digits[:3]} {digits[3:6]} {digits[6:]}"
    try:
        number = phonenumbers.parse(e164, COUNTRY)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_number(number) == COUNTRY
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@lru_cache(maxsize=16)  # the same number is read where it arrives, and again where it is checked
def _read_uncommon(typed: str, field: str) -> PhoneNumber | FieldError:
    visible = visible_text(typed)
    if visible is None:
        return field_error(field, "bad_characters")
    text = without_blanks(ascii_figures(visible))
    if not _NUMBER.fullmatch(text):
        return _unwritten(text, field)
    digits = re.sub(rf"[().{_DASHES}]", "", text)
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return PhoneNumber(f"+84{mobile[1]}")
    if len(digits) >= _TWO_NUMBERS:
        return field_error(field, "several_phones")
    former = _FORMER_MOBILE.fullmatch(digits)
    if former and former[1] in _PREFIXES_OF_2018:
        return _former(former, field)
    return _parse(digits, field)


def _parse(digits: str, field: str) -> PhoneNumber | FieldError:
    try:
        number = phonenumbers.parse(digits, COUNTRY)
    except phonenumbers.NumberParseException:
        return field_error(field, "bad_phone")
    if not phonenumbers.is_valid_number(number):
        return field_error(field, "bad_phone")
    kind, region = phonenumbers.number_type(number), phonenumbers.region_code_for_number(number)
    if kind in _COSTLY or region == _NO_COUNTRY:
        return field_error(field, "costly_phone")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return PhoneNumber(e164, takes_texts=kind not in _NO_TEXTS, is_foreign=region != COUNTRY)


def _unwritten(text: str, field: str) -> FieldError:
    """Why this is not written like one number."""
    plain = re.sub(rf"[().{_DASHES}]", "", text)
    if _SEVERAL.search(plain):
        return field_error(field, "several_phones")
    if _EXTENSION.search(plain):
        return field_error(field, "phone_with_extension")
    return field_error(field, "letters_in_phone")


def _former(number: re.Match[str], field: str) -> FieldError:
    now = national_phone(f"+84{_PREFIXES_OF_2018[number[1]]}{number[2]}")
    return field_error(field, "former_mobile_number", (Suggestion(now, now),), now=now)
