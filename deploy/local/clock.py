"""The city's clock, through the administrator's connection to the database `city`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.clock import to_city_time


@dataclass(frozen=True)
class CityTime:
    """The city's time, and whether its clock stands still."""

    now: datetime
    is_standing: bool


async def read_clock(city_url: str) -> CityTime:
    """The city's time (+07:00)."""
    city = await asyncpg.connect(city_url)
    try:
        row = await city.fetchrow(
            "SELECT city.now() AS now, standing_at IS NOT NULL AS standing FROM city.clock"
        )
    finally:
        await city.close()
    if row is None:
        raise RuntimeError("the city has no clock")
    return CityTime(to_city_time(row["now"]), row["standing"])


async def set_clock(city_url: str, at: datetime | None) -> None:
    """Set the clock to stand at an instant; None lets it run with the machine."""
    city = await asyncpg.connect(city_url)
    try:
        await city.execute("UPDATE city.clock SET standing_at = $1", at)
    finally:
        await city.close()
