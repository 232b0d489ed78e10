"""A day off is announced while dossiers are open: those whose date moves are told, once; nobody else is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from deploy.demo.city_day.holiday import with_day_off
from tests.e2e.stories.days import Days, OwnDays
from tests.e2e.town import Slip, eventually

BA_DINH = "00004"
FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
WITH_TUESDAY_OFF = with_day_off(date(2026, 3, 10), FRIDAY)


async def a_business(days: Days) -> Slip:
    """Three working days: Friday to Wednesday."""
    slip = await days.town.files(
        "business-household",
        place={"chosen": BA_DINH, "business": BA_DINH},
        facts={"family_members": False, "trade": "tạp hóa"},
        papers=[{"type": "DON-HKD", "file": "don.pdf", "bytes": 71680}],
    )
    said = await days.town.at_counter(slip, "accept")
    assert said["promised_due_at"] == "2026-03-11T17:00:00+07:00"
    return slip


async def a_marriage(days: Days) -> Slip:
    """The same day: nothing that comes on Tuesday can move it."""
    slip = await days.town.files(
        "marriage", place={"chosen": BA_DINH}, facts={"resident_here": True}, delivery="counter"
    )
    await days.town.at_counter(slip, "accept")
    return slip


async def dated(days: Days, slip: Slip, due: str) -> dict[str, Any]:
    """Wait until the citizen sees this date."""

    async def there() -> dict[str, Any] | None:
        page = await days.town.sees(slip)
        return page if page["due_at"] == due else None

    return await eventually(there, f"{slip.code} to be due {due}")


async def test_only_those_whose_date_moves_are_told_and_once(own_days: OwnDays) -> None:
    await own_days.begin(FRIDAY)
    moves, stays = await a_business(own_days), await a_marriage(own_days)
    await own_days.town.sees_state(moves, "in_process")
    await own_days.town.sees_state(stays, "in_process")
    before = await own_days.town.got(stays, messages=4)

    foreseen = (await own_days.operator("/v1/calendar", {"text": WITH_TUESDAY_OFF, "dry_run": True})).json()
    assert (foreseen["moved"], [one["code"] for one in foreseen["first"]]) == (1, [moves.code])
    published = await own_days.operator("/v1/calendar", {"text": WITH_TUESDAY_OFF, "dry_run": False})
    assert published.json()["published"], published.text

    page = await dated(own_days, moves, "2026-03-12T17:00:00+07:00")
    assert [line["counts"] for line in page["explanation"] if line["from"] == "2026-03-10"] == [0]
    texts = [one["text"] for one in await own_days.town.got(moves, messages=6) if one["channel"] == "sms"]
    assert "12/03/2026" in texts[-1], texts
    life = await own_days.town.life(moves)
    assert life["promised_due_at"] == "2026-03-11T17:00:00+07:00"
    await own_days.citizens_picture("story-calendar", moves)

    again = await own_days.operator("/v1/calendar", {"text": WITH_TUESDAY_OFF, "dry_run": False})
    assert again.json()["changed"] is False
    assert await own_days.town.got(stays, messages=4) == before
    assert len(await own_days.town.got(moves, messages=6)) == 6
