"""Names and free texts: in NFC, without invisible characters, within a length."""

from shared.errors import FieldError
from shared.typed_input.characters import visible_text
from shared.typed_input.words import field_error

_LINE_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"))
MOST_TYPED = 4
"""A text longer than so many times its limit is not looked at: reading only takes out blanks and marks."""


def read_line(typed: str, *, field: str, longest: int) -> str | FieldError:
    """A text of one line, without blanks around it."""
    if len(typed) > longest * MOST_TYPED:
        return field_error(field, "too_long", most=longest)
    text = visible_text(typed.strip())
    if text is None:
        return field_error(field, "bad_characters")
    return _of_length(text.strip(), field, longest)


def read_name(typed: str, *, field: str, longest: int) -> str | FieldError:
    """A name: a line whose words are separated by one blank each."""
    line = read_line(typed, field=field, longest=longest)
    if isinstance(line, FieldError):
        return line
    return " ".join(line.split())


def read_paragraphs(typed: str, *, field: str, longest: int) -> str | FieldError:
    """A text of any number of lines, separated by `\\n`; tabs become blanks."""
    if len(typed) > longest * MOST_TYPED:
        return field_error(field, "too_long", most=longest)
    lines: list[str] = []
    for line in typed.replace("\r\n", "\n").translate(_LINE_BREAKS).replace("\t", " ").split("\n"):
        text = visible_text(line)
        if text is None:
            return field_error(field, "bad_characters")
        lines.append(text.rstrip())
    return _of_length("\n".join(lines).strip(), field, longest)


def _of_length(text: str, field: str, longest: int) -> str | FieldError:
    if len(text) > longest:
        return field_error(field, "too_long", most=longest)
    return text
