"""Characters that people do not see or mean: direction marks, odd blanks, digits of other scripts."""

import unicodedata

MOST_MARKS = 4
"""Combining marks that one letter may carry after NFC. Thai and Arabic names have up to three."""

_INVISIBLE = "Cf"
_UNREADABLE = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control characters, unassigned and private code points, surrogates, separators of lines and paragraphs."""
_REPLACEMENT = "\ufffd"
"""What a program writes for a character that it could not read."""
_MARKS = frozenset({"Mn", "Mc", "Me"})
_BLANK = "Zs"
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
"""Full-width ASCII, which East Asian keyboards write."""


def visible_text(typed: str) -> str | None:
    """The text in NFC with plain blanks and without invisible characters; None if it has unreadable ones.

    Line breaks count as unreadable; `shared.typed_input.texts` separates the lines first.
    """
    if typed.isascii() and typed.isprintable():
        return typed
    characters: list[str] = []
    marks = 0
    for character in typed:
        category = unicodedata.category(character)
        if category in _UNREADABLE or character == _REPLACEMENT:
            return None
        if category == _INVISIBLE:
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks > MOST_MARKS:
            return None
        characters.append(" " if category == _BLANK else character)
    return unicodedata.normalize("NFC", "".join(characters))


def ascii_figures(text: str) -> str:
    """The text with full-width signs and the digits of all scripts in ASCII."""
    if text.isascii():
        return text
    figures: list[str] = []
    for character in text.translate(_FULL_WIDTH):
        digit = unicodedata.decimal(character, None)
        figures.append(character if digit is None else str(digit))
    return "".join(figures)


def without_blanks(text: str) -> str:
    """The text without any blank."""
    return "".join(text.split())
