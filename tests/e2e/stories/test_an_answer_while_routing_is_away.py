"""Routing alone is away for days: the office that answered meanwhile is told nothing, the silent one is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.town import COMPLETED, Slip, Task, eventually

FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
MONDAY = datetime.fromisoformat("2026-03-09T10:00:00+07:00")
THURSDAY = datetime.fromisoformat("2026-03-12T08:00:00+07:00")
POLICE = "city-police"


async def a_judicial_record(days: Days) -> tuple[Slip, Task]:
    """Accepted by rule; its reception lies with the police."""
    slip = await days.town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
    [intake] = await days.town.queued(POLICE, slip, tasks=1)
    return slip, intake


async def said_of(days: Days, slip: Slip, task: Task) -> list[str]:
    """What the clock of this task has said so far."""
    life = await days.town.life(slip)
    return [one["level"] for one in life["deadlines"] if one["fired_at"] and one["task_id"] == task.id]


async def told_to_be_late(days: Days, slip: Slip, task: Task) -> list[str]:
    """Wait until the city has heard of it."""

    async def there() -> list[str] | None:
        levels = await said_of(days, slip, task)
        return levels if "city" in levels else None

    return await eventually(there, f"{slip.code} to be overdue")


async def step(days: Days, slip: Slip, name: str) -> dict[str, Any]:
    """A step as it stands."""
    return next(one for one in (await days.town.life(slip))["tasks"] if one["step"] == name)


async def test_an_office_that_answered_while_routing_was_away_is_not_told_to_be_late(days: Days) -> None:
    await days.begin(FRIDAY)
    answered, receives = await a_judicial_record(days)
    silent, waits = await a_judicial_record(days)
    assert (await step(days, silent, "intake"))["due_at"] < THURSDAY.isoformat()

    days.routing_goes()
    await days.become(MONDAY)
    days.town.replies(POLICE, receives, COMPLETED)
    await days.become(THURSDAY)
    await days.routing_comes_back()

    assert await told_to_be_late(days, silent, waits) == ["one_day", "breach", "head", "city"]
    assert await said_of(days, answered, receives) == []
    done = await step(days, answered, "intake")
    assert (done["state"], done["done_at"]) == ("done", THURSDAY.isoformat())
    assert (await step(days, answered, "search"))["queued_at"] == THURSDAY.isoformat()
    assert len(await days.town.queued(POLICE, answered, tasks=2)) == 2
    assert len(await days.town.queued(POLICE, silent, tasks=1)) == 1
