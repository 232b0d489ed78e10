"""An apology promised Friday, and on Friday nothing came: nobody forgets it, nobody promises a third day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.stories.test_an_apology import FRIDAY, POLICE, THE_DAY_AFTER, letter_of
from tests.e2e.town import COMPLETED, Slip, Task, eventually

NEW_DATE = "2026-03-20T17:00:00+07:00"
ITS_LAST_SECOND = datetime.fromisoformat(NEW_DATE)
THE_EVENING = datetime.fromisoformat("2026-03-20T17:00:01+07:00")
MONDAY = datetime.fromisoformat("2026-03-23T08:30:00+07:00")


async def ends(days: Days, slip: Slip, *, there_are: int) -> list[dict[str, Any]]:
    """Wait until so much was said of the end of its new date."""

    async def there() -> list[dict[str, Any]] | None:
        said = [one for one in (await days.town.life(slip))["deadlines"] if one["fired_at"]]
        found = [one for one in said if one["scope"] == "new_date" and one["level"] in {"breach", "city"}]
        return found if len(found) >= there_are else None

    found = await eventually(there, f"{there_are} lines about the new date of {slip.code}")
    assert len(found) == there_are, found
    return found


async def warned(days: Days, slip: Slip) -> list[str]:
    """Wait until its office was warned of the new date; to whom that went."""

    async def there() -> list[str] | None:
        said = [one for one in (await days.town.life(slip))["deadlines"] if one["fired_at"]]
        return [one["to"] for one in said if (one["scope"], one["level"]) == ("new_date", "one_day")] or None

    return await eventually(there, f"a warning of the new date of {slip.code}")


async def promised_for_friday(days: Days) -> tuple[Slip, list[Task]]:
    """A judicial record that went late; its head signed, and promised Friday the 20th."""
    slip = await days.town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
    tasks = await days.town.queued(POLICE, slip, tasks=1)
    await days.town.got(slip, messages=4)
    await days.become(THE_DAY_AFTER)
    letter = await letter_of(days, slip)
    signed = await days.asks(POLICE, letter, "sign", signed_by="Giám đốc", new_day="2026-03-20")
    assert signed.status_code == 200, signed.text
    await days.town.got(slip, messages=6)
    return slip, tasks


async def test_the_new_date_passes_too_and_is_told_at_once_to_head_and_city(days: Days) -> None:
    await days.begin(FRIDAY)
    slip, [intake] = await promised_for_friday(days)
    letter = await letter_of(days, slip)

    await days.become(ITS_LAST_SECOND)
    assert await warned(days, slip) == ["holder"]
    assert (await days.town.sees(slip))["apology"]["passed"] is None

    await days.become(THE_EVENING)
    head, city = await ends(days, slip, there_are=2)
    assert [(one["level"], one["to"], one["due_at"]) for one in (head, city)] == [
        ("breach", "head", NEW_DATE),
        ("city", "city", NEW_DATE),
    ]
    told = [line["type"] for line in (await days.town.life(slip))["history"]]
    assert told.count("new_date.passed.v1") == 1

    async def the_page_knows() -> dict[str, Any] | None:
        return (await days.town.sees(slip))["apology"]["passed"]

    end = await eventually(the_page_knows, "the page to know of it")
    assert (end["office"], end["whose"]) == ("Công an TP Hà Nội", "office")
    await days.citizens_picture("story-new-date-passed", slip)
    await days.officers_picture("story-new-date-life", "dieuhanh", f"/board/dossiers/{slip.code}")

    third = await days.asks(POLICE, letter, "sign", signed_by="Giám đốc", new_day="2026-03-27")
    assert (third.status_code, third.json()["code"]) == (409, "already_redated")

    await days.become(MONDAY)
    page = await days.town.sees(slip)
    assert (page["due_at"], page["apology"]["new_due_at"]) == ("2026-03-16T17:00:00+07:00", NEW_DATE)
    for count, step in enumerate(("search", "issue"), start=2):
        days.town.replies(POLICE, intake, COMPLETED)
        *_, intake = await days.town.queued(POLICE, slip, tasks=count)
        assert intake.step == step
    days.town.replies(POLICE, intake, COMPLETED)
    page = await days.town.sees_state(slip, "completed")
    assert page["apology"]["passed"]["told_at"] == end["told_at"]
    await ends(days, slip, there_are=2)
    texts = [one["text"] for one in await days.town.got(slip, messages=8) if one["channel"] == "sms"]
    assert sum(text.startswith("Xin loi: ho so") for text in texts) == 1
