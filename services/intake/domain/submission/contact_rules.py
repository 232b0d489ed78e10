"""Checks of a person's phone number and email address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from services.intake.domain.dossier.submission import ContactDetails
from services.intake.words import field_error
from shared.errors import FieldError

VOICE = "voice"
MET_IN_PERSON = frozenset({"counter", "home", "post"})
"""Channels where an officer meets the person or holds the paper, so that a letter alone is enough."""

_EMAIL = re.compile(
    r"[^@\s,;:<>()\[\]\\\"]{1,64}@(?!-)[^@\s,;:<>()\[\]\\\"_]{1,180}\.[^@\s,;:<>()\[\]\\\"._-]{2,63}"
)
_MOBILE = re.compile(r"(?:\+84|0)((?:3[2-9]|5[689]|7[06-9]|8[1-8]|9[0-8])[0-9]{7})")
"""The usual form of a mobile number, matched first for speed; `phonenumbers` parses all others."""
_NO_TEXTS = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE})


@dataclass(frozen=True, slots=True)
class _PhoneNumber:
    """A valid phone number in E.164 form (+84…)."""

    e164: str
    takes_texts: bool = True


def check_contact(contact: ContactDetails, channel: str | None) -> Iterator[FieldError]:
    """The errors of a contact. A person who cannot be reached at all is an error too."""
    number = _parse_phone(contact.phone)
    if contact.phone and number is None:
        yield field_error("contact.phone", "bad_phone")
    if number is not None and not contact.email and contact.text != VOICE and not number.takes_texts:
        yield field_error("contact.phone", "not_a_mobile")
    if contact.email and not _EMAIL.fullmatch(contact.email):
        yield field_error("contact.email", "bad_email")
    by_letter = contact.letter and channel in MET_IN_PERSON
    if not contact.phone and not contact.email and not by_letter:
        yield field_error("contact.phone", "unreachable")


def normalize_contact(contact: ContactDetails) -> ContactDetails:
    """The contact with its phone number in E.164 form (+84…). It must have passed `check_contact`."""
    number = _parse_phone(contact.phone)
    phone = number.e164 if number else None
    return replace(contact, phone=phone, email=contact.email or None)


def _parse_phone(phone: str | None) -> _PhoneNumber | None:
    if not phone:
        return None
    mobile = _MOBILE.fullmatch(phone)
    if mobile:
        return _PhoneNumber(f"+84{mobile[1]}")
    return _parse_uncommon_phone(phone)


@lru_cache(maxsize=1)  # the same number is checked, then normalized
def _parse_uncommon_phone(phone: str) -> _PhoneNumber | None:
    try:
        number = phonenumbers.parse(phone, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return _PhoneNumber(e164, phonenumbers.number_type(number) not in _NO_TEXTS)
