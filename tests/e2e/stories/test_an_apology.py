"""A dossier goes late: its office owes a letter, nothing goes on before that, and it is re-dated once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.town import COMPLETED, Slip, eventually

FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
THE_DAY_AFTER = datetime.fromisoformat("2026-03-17T08:30:00+07:00")
NEXT_NOON = datetime.fromisoformat("2026-03-18T12:30:00+07:00")
DUE = "2026-03-16T17:00:00+07:00"
POLICE = "city-police"


async def letter_of(days: Days, slip: Slip) -> dict[str, Any]:
    """Wait until the letter lies with the police."""

    async def there() -> dict[str, Any] | None:
        found = [task for task in (await days.town.life(slip))["tasks"] if task["kind"] == "letter"]
        return found[0] if found else None

    return await eventually(there, f"a letter for {slip.code}")


async def told_to(days: Days, slip: Slip, letter: dict[str, Any]) -> list[str]:
    """To whom the unsigned letter has climbed."""

    async def there() -> list[str] | None:
        life = await days.town.life(slip)
        mine = [one for one in life["deadlines"] if one["task_id"] == letter["task_id"] and one["fired_at"]]
        return [one["to"] for one in mine] if any(one["level"] == "breach" for one in mine) else None

    return await eventually(there, "the letter to be overdue")


async def test_late_sorry_one_new_date_and_no_second_one(days: Days) -> None:
    await days.begin(FRIDAY)
    slip = await days.town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
    [intake] = await days.town.queued(POLICE, slip, tasks=1)
    await days.town.got(slip, messages=4)

    await days.become(THE_DAY_AFTER)
    letter = await letter_of(days, slip)
    assert (letter["office"], letter["due_at"]) == ("HPOL", "2026-03-18T12:00:00+07:00")
    assert len(await days.town.got(slip, messages=4)) == 4

    days.town.replies(POLICE, intake, COMPLETED)
    await days.town.sees_state(slip, "in_process")
    assert len(await days.town.queued(POLICE, slip, tasks=1)) == 1
    search = next(one for one in (await days.town.life(slip))["tasks"] if one["step"] == "search")
    early = await days.asks(POLICE, search, "start")
    assert (early.status_code, early.json()["code"]) == (409, "letter_missing")
    page = await days.town.sees_state(slip, "in_process")
    assert (page["due_at"], page["apology"]) == (DUE, None)

    await days.become(NEXT_NOON)
    assert "operator" in await told_to(days, slip, letter)
    await days.officers_picture("story-apology-unsigned", "dieuhanh", f"/board/dossiers/{slip.code}")

    await days.officers_picture("story-apology-desk", "lanhdao.hoso", f"/desk/tasks/{letter['task_id']}")
    by_operator = await days.operator(f"/v1/tasks/{letter['task_id']}/sign", {"office": "HPOL"})
    assert (by_operator.status_code, by_operator.json()["code"]) == (403, "operator_never_decides")

    alone = await days.asks(POLICE, letter, "sign")
    assert (alone.status_code, alone.json()["code"]) == (403, "only_the_head_signs")
    signed = await days.asks(POLICE, letter, "sign", signed_by="Giám đốc", new_day="2026-03-20")
    again = await days.asks(POLICE, letter, "sign", signed_by="Giám đốc", new_day="2026-03-20")
    assert (signed.status_code, again.json()) == (200, signed.json())
    texts = [one["text"] for one in await days.town.got(slip, messages=6) if one["channel"] == "sms"]
    assert texts[-1].startswith("Xin loi: ho so")
    assert "Hen moi 20/03/2026" in texts[-1]
    handed_out = (await days.town.queued(POLICE, slip, tasks=2))[-1]
    assert handed_out.step == "search"
    page = await days.town.sees_state(slip, "in_process")
    assert (page["due_at"], page["apology"]["new_due_at"]) == (DUE, "2026-03-20T17:00:00+07:00")

    second = await days.asks(POLICE, letter, "sign", signed_by="Giám đốc", new_day="2026-03-25")
    assert (second.status_code, second.json()["code"]) == (409, "already_redated")
    assert "20/03/2026" in second.json()["detail"]
    life = await days.town.life(slip)
    assert (life["promised_due_at"], life["current_due_at"]) == ("2026-03-16T17:00:00+07:00",) * 2
    assert life["overdue"]["since"] == "2026-03-16T17:00:00+07:00"
    await days.citizens_picture("story-apology", slip)
    assert len(await days.town.got(slip, messages=6)) == 6
