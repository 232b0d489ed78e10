"""The two clocks: the city's (for business facts; kept in the database) and the machine's (for leases)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated, Any

CITY_TZ = timezone(timedelta(hours=7), "+07:00")
"""Vietnam has had this offset, without daylight saving, since 1975."""


def machine_now() -> datetime:
    """Machine time, for leases and retries only; business facts take `shared.db.transaction.city_now`."""
    return datetime.now(UTC)


def to_city_second(instant: datetime) -> datetime:
    """The instant in the city's time without fractions of a second, as legal time is counted."""
    if instant.tzinfo is CITY_TZ and not instant.microsecond:
        return instant
    return instant.astimezone(CITY_TZ).replace(microsecond=0)


def end_of_day(day: date) -> datetime:
    """The last instant of a day."""
    return datetime.combine(day, time(23, 59, 59), CITY_TZ)


def to_city_time(instant: datetime) -> datetime:
    """The instant in the city's time (+07:00)."""
    return instant.astimezone(CITY_TZ)


class _ReadInCity:
    """Makes pydantic convert instants to the city's time, without importing pydantic here."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415

        return core_schema.no_info_after_validator_function(to_city_time, handler(source))


CityTime = Annotated[datetime, _ReadInCity()]
"""An instant in JSON or on the wire: read with any offset, and converted to +07:00."""
