"""The secret on the slip, and the reference in the link of a text message."""

import secrets

from shared.typed_input.characters import ascii_figures
from shared.typed_input.keyboards import possible_keys

ALPHABET = "23456789BCGHKMNPQRSTVXZ"
"""What no input method changes: without vowels, D, W, F and J, which Telex, VNI, VIQR or their short forms
turn into other letters; and without characters that people confuse (0 and O; 1, I and L).
"""
SECRET_LENGTH = 11
"""Of 23 characters: 49 bits, as the ten of 30 had before."""
FORMER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
FORMER_LENGTH = 10
"""Secrets on slips printed before; they stay valid."""
LINK_LENGTH = 8
_USABLE_BYTES = 256 - 256 % len(ALPHABET)


def generate_secret() -> str:
    """A new secret of 11 characters (49 bits)."""
    return _generate(SECRET_LENGTH)


def generate_link_ref() -> str:
    """A new reference for the link in a text. The link opens only the page that asks for the secret."""
    return _generate(LINK_LENGTH)


def normalize_secret(typed: str) -> str:
    """A typed secret in capitals, without blanks, dashes and invisible characters, marks as they are."""
    return "".join(character for character in ascii_figures(typed).upper() if character.isalnum())


def read_secret(typed: str) -> tuple[str, ...]:
    """The secrets that may have been meant, the likeliest first; none if this can be no secret.

    A secret typed as printed has one reading. One that a Vietnamese input method has changed has those whose
    keys make the same text, mostly one to four.
    """
    plain = normalize_secret(typed)
    if (
        len(plain) in (SECRET_LENGTH, FORMER_LENGTH)
        and plain.isascii()
        and set(plain) <= set(FORMER_ALPHABET)
    ):
        return (plain,)
    with_marks = _with_marks(typed)
    former = possible_keys(with_marks, FORMER_ALPHABET, FORMER_LENGTH)
    return former + possible_keys(with_marks, ALPHABET, SECRET_LENGTH)


def read_link_ref(typed: str) -> tuple[str, ...]:
    """The references of a link that may have been meant, as for a secret."""
    return possible_keys(_with_marks(typed), FORMER_ALPHABET, LINK_LENGTH)


def format_secret(secret: str) -> str:
    """The secret in groups of four, as the slip prints it; of a former one in two groups of five."""
    size = 5 if len(secret) == FORMER_LENGTH else 4
    return " ".join(secret[start : start + size] for start in range(0, len(secret), size))


def _with_marks(typed: str) -> str:
    return "".join(sign for sign in ascii_figures(typed).upper() if sign.isalnum() or _is_mark(sign))


def _is_mark(sign: str) -> bool:
    return "\u0300" <= sign <= "\u036f"


def _generate(length: int) -> str:
    """Random characters, all equally likely: bytes above a whole multiple of the alphabet are dropped."""
    characters = ""
    while len(characters) < length:
        characters += "".join(
            ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length) if byte < _USABLE_BYTES
        )
    return characters[:length]
