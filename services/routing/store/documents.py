"""JSON columns: SQL expressions, and conversion to plain JSON."""

from typing import Any

import orjson

NEW_DATE = """CASE WHEN c.apology ->> 'signed_at' IS NOT NULL
                THEN (c.apology ->> 'new_due_at')::timestamptz END"""
"""The new date of the apology of a case `c`; null before the signature."""


def plain(value: Any) -> Any:
    """A value as plain JSON, to compare dumps."""
    return orjson.loads(orjson.dumps(value))
