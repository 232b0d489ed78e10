"""JSON columns in SQL and out of the mapper."""

from typing import Any

import orjson

NEW_DATE = """CASE WHEN c.apology ->> 'signed_at' IS NOT NULL
                THEN (c.apology ->> 'new_due_at')::timestamptz END"""
"""The one new date of a case `c`, once it is signed."""


def plain(value: Any) -> Any:
    """A value as JSON holds it: to compare two worlds."""
    return orjson.loads(orjson.dumps(value))
