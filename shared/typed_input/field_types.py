"""The readers as types of pydantic fields, for bodies of the API and for forms.

Only what takes requests imports this module: rules know nothing of pydantic.
"""

from collections.abc import Callable
from typing import Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

from shared.errors import FieldError
from shared.typed_input.texts import read_line, read_name, read_paragraphs

_CONTEXT = "typed_input"
"""The key of the `FieldError` in the context of pydantic's error."""


def line(longest: int, *, shortest: int = 0) -> AfterValidator:
    """A text of one line. `shortest`: of what is left once blanks and invisible characters are out."""
    return read(lambda typed: read_line(typed, field="", longest=longest), shortest)


def name(longest: int) -> AfterValidator:
    """A name."""
    return read(lambda typed: read_name(typed, field="", longest=longest))


def paragraphs(longest: int, *, shortest: int = 0) -> AfterValidator:
    """A text of any number of lines."""
    return read(lambda typed: read_paragraphs(typed, field="", longest=longest), shortest)


def read(reader: Callable[[str], Any], shortest: int = 0) -> AfterValidator:
    """What the reader makes of a string, `shortest` characters at least."""
    checked = _raising(reader)

    def validate(typed: str) -> Any:
        value = checked(typed)
        if shortest and len(value) < shortest:
            raise PydanticKnownError("string_too_short", {"min_length": shortest})
        return value

    return AfterValidator(validate)


def read_before(reader: Callable[[str], Any]) -> BeforeValidator:
    """What the reader makes of a string; None stays None, and every other type is refused."""
    checked = _raising(reader)

    def validate(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "Input should be a valid string")
        return checked(value)

    return BeforeValidator(validate)


def _raising(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """The reader as a function that raises its `FieldError`."""

    def checked(typed: str) -> Any:
        value = reader(typed)
        if isinstance(value, FieldError):
            raise PydanticCustomError("unreadable", "{en}", {"en": value.en, _CONTEXT: value})
        return value

    return checked


def reader_error(error: Any) -> FieldError | None:
    """The reader's error in an error of pydantic, without its field; None if pydantic itself made it."""
    return error.get("ctx", {}).get(_CONTEXT)
