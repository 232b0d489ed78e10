"""Vietnamese without marks, for names inside an unaccented text. Sentences are written, never stripped."""

import unicodedata

_STROKES = str.maketrans("đĐ", "dD")


def strip_diacritics(name: str) -> str:
    """`Công an P. Đống Đa` → `Cong an P. Dong Da`. đ does not decompose, so it is mapped first."""
    apart = unicodedata.normalize("NFD", name.translate(_STROKES))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
