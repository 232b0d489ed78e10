"""Vietnamese without marks: for names inside an unaccented text, and to sort and to search."""

import unicodedata

_STROKES = str.maketrans("đĐ", "dD")


def strip_diacritics(name: str) -> str:
    """`Công an P. Đống Đa` → `Cong an P. Dong Da`. Sentences are written without marks, never stripped."""
    decomposed = unicodedata.normalize("NFD", name.translate(_STROKES))  # NFD takes no stroke off a letter
    return "".join(character for character in decomposed if not unicodedata.combining(character))
