"""All is down for two weeks: what fell due meanwhile is said once, in order, with how late it is said."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.e2e.stories.days import Days, OwnDays
from tests.e2e.town import Slip, eventually

FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
AFTER_THE_PAUSE = datetime.fromisoformat("2026-03-23T08:00:00+07:00")
NEXT_MORNING = datetime.fromisoformat("2026-03-24T08:00:00+07:00")
EVERY_LEVEL = [
    (scope, level) for scope in ("task", "dossier") for level in ("one_day", "breach", "head", "city")
]


async def fired(days: Days, slip: Slip) -> list[dict[str, Any]]:
    """The dossier's clocks that have spoken, in the order of their instants."""
    life = await days.town.life(slip)
    return [one for one in life["deadlines"] if one["late_by"] is not None]


async def breached(days: Days, slip: Slip) -> list[dict[str, Any]]:
    """Wait until the dossier's lateness has come to the city."""

    async def there() -> list[dict[str, Any]] | None:
        found = await fired(days, slip)
        return found if ("dossier", "city") in [(one["scope"], one["level"]) for one in found] else None

    return await eventually(there, f"{slip.code} to be overdue")


async def test_what_fell_due_while_all_was_down_is_said_once_and_in_order(own_days: OwnDays) -> None:
    await own_days.begin(FRIDAY)
    slip = await own_days.town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
    assert (await own_days.town.sees_state(slip, "in_process"))["due_at"] == "2026-03-16T17:00:00+07:00"
    await own_days.town.got(slip, messages=4)
    await own_days.close()

    await own_days.begin(AFTER_THE_PAUSE)
    said = await breached(own_days, slip)
    assert [(one["scope"], one["level"]) for one in said] == EVERY_LEVEL
    for one in said:
        meant, spoken = datetime.fromisoformat(one["at"]), datetime.fromisoformat(one["fired_at"])
        assert one["late_by"] == int((spoken - meant).total_seconds())
    for earlier, later in pairwise(said):
        assert earlier["at"] <= later["at"]
    assert [one["level"] for one in said if not one["overtaken"]] == ["city", "city"]
    await own_days.officers_picture("story-week-off", "dieuhanh", f"/board/dossiers/{slip.code}")

    await own_days.become(NEXT_MORNING)
    await own_days.close()
    await own_days.begin(NEXT_MORNING)
    await own_days.town.sees_state(slip, "in_process")
    again = await breached(own_days, slip)
    assert [one for one in again if one in said] == said
    assert len({(one["scope"], one["task_id"], one["level"]) for one in again}) == len(again)
