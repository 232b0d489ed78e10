"""Checks of a person's phone number and email address."""

from collections.abc import Iterator
from dataclasses import replace

from services.intake.domain.dossier.submission import ContactDetails
from services.intake.words import field_error
from shared.errors import FieldError
from shared.typed_input.email_address import read_email
from shared.typed_input.phone import PhoneNumber, read_phone

VOICE = "voice"
MET_IN_PERSON = frozenset({"counter", "home", "post"})
"""Channels where an officer meets the person or holds the paper, so that a letter alone is enough."""
PHONE, EMAIL = "contact.phone", "contact.email"
CONTACT = frozenset({"contact", PHONE, EMAIL})
"""What tells how to reach a person."""
REACHABILITY = frozenset({"unreachable", "not_a_mobile"})
"""Codes that say nothing true while a part of the contact could not be read."""


def check_contact(
    contact: ContactDetails, channel: str | None, *, foreign_phones: bool = False
) -> Iterator[FieldError]:
    """The errors of a contact. A person who cannot be reached at all is an error too.

    `foreign_phones`: whether numbers of other countries are texted too.
    """
    number = read_phone(contact.phone, field=PHONE) if contact.phone else None
    email = read_email(contact.email, field=EMAIL) if contact.email else None
    unread = [value for value in (number, email) if isinstance(value, FieldError)]
    if unread:
        yield from unread
    elif isinstance(number, PhoneNumber) and number.is_foreign and not foreign_phones:
        yield field_error(PHONE, "foreign_phone")
    else:
        yield from _check_reachable(contact, number, channel)


def normalize_contact(contact: ContactDetails) -> ContactDetails:
    """The contact with phone number (+84…) and address as read. It must have passed `check_contact`."""
    number = read_phone(contact.phone, field=PHONE) if contact.phone else None
    email = read_email(contact.email, field=EMAIL) if contact.email else None
    phone = number.e164 if isinstance(number, PhoneNumber) else None
    return replace(contact, phone=phone, email=email if isinstance(email, str) else None)


def _check_reachable(
    contact: ContactDetails, number: PhoneNumber | FieldError | None, channel: str | None
) -> Iterator[FieldError]:
    is_landline = isinstance(number, PhoneNumber) and not number.takes_texts
    if is_landline and not contact.email and contact.text != VOICE:
        yield field_error(PHONE, "not_a_mobile")
    by_letter = contact.letter and channel in MET_IN_PERSON
    if not contact.phone and not contact.email and not by_letter:
        yield field_error(PHONE, "unreachable")
