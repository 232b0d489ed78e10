"""Strict parsing of a JSON object."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson

from shared.worktime.errors import LedgerError, LedgerErrorCode


def parse_object(line: bytes) -> Mapping[str, Any]:
    """The object of a line. Raises LedgerError if it is empty, not UTF-8, no JSON (as NaN) or no object."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        value = _parse_strictly(line, error)
    if not isinstance(value, dict):
        raise LedgerError(LedgerErrorCode.BAD_JSON, None, "the line is no JSON object")
    return value


def _parse_strictly(line: bytes, error: ValueError) -> Any:
    """Parse valid JSON that orjson refuses: a number beyond all doubles, or very deep nesting."""
    try:
        value = json.loads(line.decode(), parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8
    except (ValueError, RecursionError):
        raise LedgerError(LedgerErrorCode.BAD_JSON, None, f"the line is no JSON: {error}") from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
