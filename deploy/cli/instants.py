"""Parsing of typed instants."""

from __future__ import annotations

from datetime import datetime

from deploy.cli.exits import UsageError
from shared.clock import CITY_TZ


def parse_instant(text: str) -> datetime:
    """Parse RFC 3339; without an offset in the city's time (+07:00)."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"not an instant: {text!r}; write it like 2026-03-06T09:00:00+07:00") from None
    return at if at.tzinfo else at.replace(tzinfo=CITY_TZ)
