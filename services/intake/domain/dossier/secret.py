"""The secret on the slip: ten characters nobody takes for another; and the reference in a text's link."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's idea: no 0 and O, no 1, I and L, no U."""
SECRET_LENGTH = 10
LINK_LENGTH = 8
_USABLE_BYTES = 256 - 256 % len(ALPHABET)


def generate_secret() -> str:
    """A new secret: 49 bits."""
    return _generate(SECRET_LENGTH)


def generate_link_ref() -> str:
    """A new reference for the link in a text. It opens the page that asks for the secret, nothing more."""
    return _generate(LINK_LENGTH)


def normalize_secret(typed: str) -> str:
    """A secret as people type it: any case, with spaces or dashes."""
    return "".join(character for character in typed.upper() if character.isalnum())


def format_secret(secret: str) -> str:
    """The secret in two groups, as the slip prints it."""
    return f"{secret[:5]} {secret[5:]}"


def _generate(length: int) -> str:
    """Random characters, each equally likely: bytes beyond a whole multiple of the alphabet are dropped."""
    characters = ""
    while len(characters) < length:
        characters += "".join(
            ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length) if byte < _USABLE_BYTES
        )
    return characters[:length]
