"""Email addresses. The package `email-validator` knows their syntax; no name server is asked."""

from email_validator import EmailSyntaxError, validate_email

from shared.errors import FieldError
from shared.typed_input.characters import ascii_figures, visible_text
from shared.typed_input.words import field_error

LONGEST = 254
LONGEST_NAME = 64
"""The part before the @, by RFC 5321."""
_BEFORE, _AFTER = " <", " >,;."
"""What is copied along with an address out of a list or a sentence."""


def read_email(typed: str, *, field: str) -> str | FieldError:
    """The address as our mail server takes it: ASCII, with the domain in lower case."""
    if len(typed) > LONGEST * 2:
        return field_error(field, "too_long", most=LONGEST)
    visible = visible_text(typed.strip())
    if visible is None:
        return field_error(field, "bad_characters")
    address = ascii_figures(visible).lstrip(_BEFORE).rstrip(_AFTER)
    problem = _problem(address, field)
    if problem is not None:
        return problem
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailSyntaxError:
        return field_error(field, "bad_email")
    return valid.ascii_email or valid.normalized


def _problem(address: str, field: str) -> FieldError | None:
    """The mistakes that have a sentence of their own."""
    if len(address) > LONGEST:
        return field_error(field, "too_long", most=LONGEST)
    name, at, _ = address.rpartition("@")
    if not at:
        return field_error(field, "email_without_at")
    if " " in address:
        return field_error(field, "email_with_blank")
    if not name.isascii():
        return field_error(field, "email_with_marks")
    if len(name) > LONGEST_NAME:
        return field_error(field, "email_name_too_long", most=LONGEST_NAME)
    return None
