"""Vietnamese without marks, for names inside an unaccented text. Sentences are written, never stripped."""

import unicodedata

_STROKES = str.maketrans("đĐ", "dD")


def strip_diacritics(name: str) -> str:
    """`Công an P. Đống Đa` → `Cong an P. Dong Da`. đ does not decompose, so it is mapped first."""
    decomposed = unicodedata.normalize("NFD", name.translate(_STROKES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
