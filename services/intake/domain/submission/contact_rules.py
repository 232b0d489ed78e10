"""Whether a person can be reached, and by what."""

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
"""Where an officer has the person or the paper at hand, so that a letter alone will do."""

_EMAIL = re.compile(
    r"[^@\s,;:<>()\[\]\\\"]{1,64}@(?!-)[^@\s,;:<>()\[\]\\\"_]{1,180}\.[^@\s,;:<>()\[\]\\\"._-]{2,63}"
)
_MOBILE = re.compile(r"(?:\+84|0)((?:3[2-9]|5[689]|7[06-9]|8[1-8]|9[0-8])[0-9]{7})")
"""How most people write a mobile number; `phonenumbers`, which knows all others, says the same of it."""
_NO_TEXTS = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE})


@dataclass(frozen=True, slots=True)
class _PhoneNumber:
    """A valid phone number in E.164 form (+84…)."""

    e164: str
    takes_texts: bool = True


def check_contact(contact: ContactDetails, channel: str | None) -> Iterator[FieldError]:
    """Everything wrong with how to reach the person. Nobody who cannot be reached is let in silently."""
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
    return replace(contact, phone=number.e164 if number else None, email=contact.email or None)


def _parse_phone(phone: str | None) -> _PhoneNumber | None:
    if not phone:
        return None
    mobile = _MOBILE.fullmatch(phone)
    return _PhoneNumber(f"+84{mobile[1]}") if mobile else _parse_uncommon_phone(phone)


@lru_cache(maxsize=1)  # checked and tidied one after the other
def _parse_uncommon_phone(phone: str) -> _PhoneNumber | None:
    try:
        number = phonenumbers.parse(phone, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return _PhoneNumber(e164, phonenumbers.number_type(number) not in _NO_TEXTS)
