"""Encoding and segments of a text message: GSM-7 or UCS-2 (3GPP TS 23.038)."""

import math
from dataclasses import dataclass

GSM7 = "gsm7"
UCS2 = "ucs2"

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_CODES = {sign: code for code, sign in enumerate(_BASIC) if code != _ESCAPE}
_EXTENDED = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
_ALPHABET = frozenset(_CODES) | frozenset(_EXTENDED)
_SEPTETS = str.maketrans(
    {sign: chr(code) for sign, code in _CODES.items()}
    | {sign: chr(_ESCAPE) + chr(code) for sign, code in _EXTENDED.items()}
)
_CHARACTERS = {code: sign for sign, code in _CODES.items()}
_EXTENDED_CHARACTERS = {code: sign for sign, code in _EXTENDED.items()}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """What a carrier bills. `units`: septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: str
    units: int
    segments: int


def measure_sms(text: str) -> SmsLength:
    """The length of a text."""
    encoding, octets = encode_sms(text)
    if encoding == GSM7:
        return _length(GSM7, len(octets), single_limit=160, part_limit=153)
    return _length(UCS2, len(octets) // 2, single_limit=70, part_limit=67)


def encode_sms(text: str) -> tuple[str, bytes]:
    """The encoding and the bytes to send. One character outside GSM-7 makes the whole text UCS-2."""
    if is_gsm7(text):
        return GSM7, _septets(text)
    return UCS2, text.encode("utf-16-be")


def is_gsm7(text: str) -> bool:
    """Whether every character is in the GSM alphabet or its extension."""
    return _ALPHABET.issuperset(text)


def encode_gsm7(text: str) -> bytes:
    """One septet per byte, as SMPP carries the default alphabet; extended characters take two.

    Raises KeyError for a character outside the alphabet.
    """
    if not is_gsm7(text):
        raise KeyError(next(character for character in text if character not in _ALPHABET))
    return _septets(text)


def decode_gsm7(octets: bytes) -> str:
    """The text of unpacked septets; `?` for an unknown code."""
    characters: list[str] = []
    escaped = False
    for code in octets:
        if code == _ESCAPE:
            escaped = True
            continue
        if escaped:
            characters.append(_EXTENDED_CHARACTERS.get(code, " "))
        else:
            characters.append(_CHARACTERS.get(code, "?"))
        escaped = False
    return "".join(characters)


def _septets(text: str) -> bytes:
    return text.translate(_SEPTETS).encode("latin-1")


def _length(encoding: str, units: int, *, single_limit: int, part_limit: int) -> SmsLength:
    if units <= single_limit:
        return SmsLength(encoding, units, segments=1)
    return SmsLength(encoding, units, segments=math.ceil(units / part_limit))
