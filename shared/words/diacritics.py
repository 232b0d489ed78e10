"""Removal of Vietnamese diacritics, for names in plain texts, for sorting and searching."""

import unicodedata

_STROKES = str.maketrans("đĐ", "dD")


def strip_diacritics(name: str) -> str:
    """`Công an P. Đống Đa` → `Cong an P. Dong Da`. Not for whole sentences."""
    decomposed = unicodedata.normalize(
        "NFD", name.translate(_STROKES)
    )  # NFD does not separate the stroke of đ
    return "".join(character for character in decomposed if not unicodedata.combining(character))
