"""Length of a text message in GSM-7 septets and UCS-2 units."""

import unicodedata

GSM7_LIMIT = 160
UCS2_LIMIT = 70
LONGEST_FULL_SEGMENTS = 3

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def gsm7_length(text: str) -> int | None:
    """The length in GSM-7 septets; None if a character is not in GSM-7, which makes the text UCS-2."""
    if not _BASIC.union(_EXTENDED).issuperset(text):
        return None
    return len(text) + sum(letter in _EXTENDED for letter in text)


def ucs2_units(text: str) -> int:
    """The length in UCS-2 units after Unicode composition: a decomposed mark would take its own unit."""
    return len(unicodedata.normalize("NFC", text).encode("utf-16-be")) // 2


def ucs2_segments(text: str) -> int:
    """The number of segments of a UCS-2 text."""
    units = ucs2_units(text)
    return 1 if units <= UCS2_LIMIT else -(-units // 67)
