"""JSON columns in SQL and out of the mapper."""

from typing import Any

import orjson
from pydantic import TypeAdapter

from shared.events.case import MissingOffice

NEW_DATE = """CASE WHEN c.apology ->> 'signed_at' IS NOT NULL
                THEN (c.apology ->> 'new_due_at')::timestamptz END"""
"""The one new date of a case `c`, once it is signed."""

UNPLACED = TypeAdapter(MissingOffice | None)


def plain(value: Any) -> Any:
    """A value as JSON holds it: to compare two worlds."""
    return orjson.loads(orjson.dumps(value))
