"""The last processor of every log line, which removes personal data."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

REMOVED = "[removed]"
FORBIDDEN = frozenset(
    {
        "name", "full_name", "phone", "email", "id_number", "born", "birth_date", "address", "contact",
        "secret", "password", "key", "key_bytes", "api_key", "master_key", "authorization", "cookie", "token",
        "value", "body", "text", "to", "recipient", "facts", "applicant",
    }
)  # fmt: skip
COUNTED = frozenset({"name", "full_name", "body", "text", "facts", "applicant"})
"""Forbidden names whose contents are words, lists or objects, so that a number under them is a count.

Under the others a number may be a person's: a phone, a year of birth, an income, a secret of digits.
"""
LARGEST_COUNT = 999_999
"""A larger number may be a phone or identity number without its leading zero."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+84|84|0)(?:[ .-]?\d){9}(?![\w-])")
_ID_NUMBER = re.compile(r"(?<![\w.:+-])\d{12}(?![\w-])")


def redact_line(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor; keep it next to the renderer."""
    for name in list(line):
        line[name] = _redact_field(name, line[name])
    return line


def _redact_field(name: str, value: Any) -> Any:
    lower_name = name.lower()
    if lower_name not in FORBIDDEN:
        return redact(value)
    if lower_name in COUNTED and isinstance(value, int) and abs(value) <= LARGEST_COUNT:
        return value
    return REMOVED


def redact(value: Any) -> Any:
    """The value with masked addresses, phone and identity numbers, at any depth."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {name: _redact_field(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact_text(str(value))


def redact_text(text: str) -> str:
    """Text with masked addresses, phone and identity numbers."""
    return _ID_NUMBER.sub("[id]", _PHONE.sub("[phone]", _EMAIL.sub("[email]", text)))
