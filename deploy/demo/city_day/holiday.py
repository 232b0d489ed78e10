"""A day off that is announced during the simulation: open due dates move, and citizens are notified."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import date, datetime

from deploy.demo.agencies.hours import CITY
from deploy.demo.city_day.city import City
from deploy.demo.city_day.incidents import Intention
from deploy.demo.made_up import ANNOUNCEMENTS
from deploy.local.home import CHECKOUT

CALENDARS = CHECKOUT / "deploy" / "catalogue" / "calendars.yaml"
HEAD = "national:\n"
ANNOUNCED = datetime(2026, 1, 26, 9, tzinfo=CITY)
DAY_OFF = date(2026, 1, 30)
RECOUNT_SECONDS = 60


@dataclass
class Holiday:
    """The operator who publishes the calendar with one more day off, once."""

    city: City
    announced: bool = False

    def intentions(self) -> list[Intention]:
        """The publication, until it was made."""
        return [] if self.announced else [Intention(ANNOUNCED, "operator calendar", self._announce)]

    async def _announce(self) -> None:
        stack = self.city.stack
        body = {"text": with_day_off(DAY_OFF, ANNOUNCED), "dry_run": False}
        answer = await self.city.post(f"{stack.routing_url}/v1/calendar", stack.operator_api_key, body)
        answer.raise_for_status()
        self.announced = True
        await self._wait_until_counted()

    async def _wait_until_counted(self) -> None:
        """Wait until the first round of the recount is over. Raises TimeoutError after `RECOUNT_SECONDS`."""
        stack, deadline = self.city.stack, time.monotonic() + RECOUNT_SECONDS
        while time.monotonic() < deadline:
            walks = await self.city.get(f"{stack.routing_url}/v1/calendar/recounts", stack.operator_api_key)
            if walks and (walks[0]["round"] > 1 or walks[0]["done"]):
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("the new calendar is not counted through")


def with_day_off(day: date, published: datetime) -> str:
    """The text of `calendars.yaml` with this day off added."""
    name = ANNOUNCEMENTS["day_off"]
    line = (
        f'- {{date: {day}, kind: day_off, name: {{vi: "{name}", en: "announced by the city"}}, '
        f'decision: "made up for this day", published: "{published.isoformat()}", evidence: made_up}}\n'
    )
    return CALENDARS.read_text(encoding="utf-8").replace(HEAD, HEAD + line, 1)
