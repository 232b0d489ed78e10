"""Words within what people type, as patterns: `máy lẻ`, `tháng`, `hoặc`."""

from shared.typed_input.words import group

_WORDS = group("writing")


def either(key: str) -> str:
    """The alternatives of a word in both languages."""
    words = _WORDS[key]
    return f"(?:{words.vi}|{words.en})"
