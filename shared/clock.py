"""The two clocks: the city's (business facts, kept in the database) and the machine's (leases, retries)."""

from datetime import UTC, datetime, timedelta, timezone

CITY_TZ = timezone(timedelta(hours=7), "+07:00")
"""Việt Nam has kept one offset, without daylight saving, since 1975."""


def machine_now() -> datetime:
    """Machine time, for leases and retries only; business facts take `shared.db.transaction.city_now`."""
    return datetime.now(UTC)


def in_city(instant: datetime) -> datetime:
    """The same instant as the city's people read it (+07:00)."""
    return instant.astimezone(CITY_TZ)
