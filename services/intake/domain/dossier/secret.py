"""The secret on the slip, and the reference in the link of a text message."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without characters that people confuse (0 and O; 1, I and L) and without U, as in Crockford's base 32."""
SECRET_LENGTH = 10
LINK_LENGTH = 8
_USABLE_BYTES = 256 - 256 % len(ALPHABET)


def generate_secret() -> str:
    """A new secret of 10 characters (49 bits)."""
    return _generate(SECRET_LENGTH)


def generate_link_ref() -> str:
    """A new reference for the link in a text. The link opens only the page that asks for the secret."""
    return _generate(LINK_LENGTH)


def normalize_secret(typed: str) -> str:
    """A typed secret in capitals, without spaces and dashes."""
    return "".join(character for character in typed.upper() if character.isalnum())


def format_secret(secret: str) -> str:
    """The secret in two groups, as the slip prints it."""
    return f"{secret[:5]} {secret[5:]}"


def _generate(length: int) -> str:
    """Random characters, all equally likely: bytes above a whole multiple of the alphabet are dropped."""
    characters = ""
    while len(characters) < length:
        characters += "".join(
            ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(length) if byte < _USABLE_BYTES
        )
    return characters[:length]
