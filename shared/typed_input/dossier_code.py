"""The code of a dossier as it is typed, or copied from Word, a PDF or a text message."""

import re

from shared.typed_input.characters import ascii_figures, visible_text, without_blanks

_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\uff0d\ufe58\ufe63_]")
_SOFT_HYPHEN = "\u00ad"
_AROUND = ".,;:-\"'()[]<>“”‘’"


def normalize_code(typed: str) -> str:
    """The code in capitals, with plain hyphens, without blanks, invisible signs and what stands around it.

    A soft hyphen of Word or a PDF is a hyphen that the code has. What is no code stays unknown.
    """
    visible = visible_text(" ".join(typed.replace(_SOFT_HYPHEN, "-").split()))
    text = _DASHES.sub("-", without_blanks(visible or ""))
    return re.sub("-+", "-", ascii_figures(text)).strip(_AROUND).upper()
