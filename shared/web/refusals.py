"""Refusals of the web framework itself, by status and by field."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from shared.errors import FieldError, Refused
from shared.typed_input.field_types import reader_error
from shared.web.words import field_error, refuse
from shared.words.expected import CHOICE_ERRORS, expected_words

_BY_STATUS = {
    400: "unreadable_body",
    401: "login_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    503: "busy",
}

_LIMITS = {
    "string_too_long": ("text_too_long", "max_length"),
    "string_too_short": ("text_too_short", "min_length"),
    "too_long": ("list_too_long", "max_length"),
    "too_short": ("list_too_short", "min_length"),
    "greater_than_equal": ("number_too_small", "ge"),
    "less_than_equal": ("number_too_large", "le"),
}
"""By pydantic's kind of error: our sentence, and where the error says its limit."""


def status_title(status: int) -> str:
    """The HTTP phrase of a status."""
    return HTTPStatus(status).phrase


def http_refusal(status: int) -> Refused:
    """The refusal for a status of the framework."""
    return refuse(_BY_STATUS.get(status, "failed"))


def invalid_request(errors: Sequence[Any]) -> Refused:
    """The refusal of a body or parameters that do not match the schema, field by field."""
    return refuse("invalid", errors=tuple(_field_error(error) for error in errors))


def _field_error(error: Any) -> FieldError:
    """An error of pydantic at its field, with pydantic's code; or of a reader, with its own."""
    place = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "header"}]
    if error["type"] == "json_invalid":
        place = []  # the value is a position
    field = ".".join(place) or "body"
    read = reader_error(error)
    if read is not None:
        return replace(read, field=field)
    return _error_of_type(field, error)


def _error_of_type(field: str, error: Any) -> FieldError:
    """Our sentence for a kind of error, with its limit; else a general one with pydantic's English."""
    kind = str(error["type"])
    if kind == "missing":
        return field_error(field, "missing")
    if kind in CHOICE_ERRORS:
        words = expected_words(error["ctx"]["expected"])
        return replace(field_error(field, "not_one_of", words=words), code=kind)
    key, name = _LIMITS.get(kind, ("", ""))
    limit = error.get("ctx", {}).get(name)
    if isinstance(limit, int | float):
        return replace(field_error(field, key, limit=limit), code=kind)
    return replace(field_error(field, "wrong_value"), code=kind, en=str(error["msg"]))
