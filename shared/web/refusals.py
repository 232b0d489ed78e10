"""Refusals of the web framework itself, by status and by field."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from shared.errors import FieldError, Refused
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
    """An error of pydantic at its field, with pydantic's code and English text."""
    place = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "header"}]
    if error["type"] == "json_invalid":
        place = []  # the value is a position
    field = ".".join(place) or "body"
    if error["type"] == "missing":
        return field_error(field, "missing")
    if error["type"] in CHOICE_ERRORS:
        words = expected_words(error["ctx"]["expected"])
        return replace(field_error(field, "not_one_of", words=words), code=str(error["type"]))
    return replace(field_error(field, "wrong_value"), code=str(error["type"]), en=str(error["msg"]))
