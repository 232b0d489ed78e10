"""A land transfer waits for the tax office and then for its citizen: neither wait is the registry's time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.stories.test_a_second_supplement import AFTER_TET, THURSDAY, TUESDAY, a_land_transfer
from tests.e2e.town import COMPLETED, Slip, Task, eventually

NEXT_TUESDAY = datetime.fromisoformat("2026-03-03T10:00:00+07:00")
PAID = datetime.fromisoformat("2026-03-10T10:00:00+07:00")
IN_TIME = datetime.fromisoformat("2026-03-13T10:00:00+07:00")


async def finishes(days: Days, party: str, step: str, slip: Slip, at: datetime) -> None:
    """The step's own system says that it is done."""
    await days.become(at)

    async def queued() -> Task | None:
        found = [_task(one) for one in (await days.town.life(slip))["tasks"] if one["step"] == step]
        return found[0] if found and found[0].id else None

    days.town.replies(party, await eventually(queued, f"{step} of {slip.code}"), COMPLETED)

    async def done() -> bool | None:
        tasks = (await days.town.life(slip))["tasks"]
        return any(one["step"] == step and one["state"] == "done" for one in tasks) or None

    await eventually(done, f"{step} of {slip.code} to be done")


async def on_the_page(days: Days, slip: Slip, step: str) -> dict[str, Any]:
    """Wait until the page shows the step in somebody's hands."""

    async def shown() -> dict[str, Any] | None:
        steps = (await days.town.sees(slip))["steps"]
        return next((one for one in steps if one["step"] == step and one["state"] == "queued"), None)

    return await eventually(shown, f"{step} of {slip.code} on the page")


def _task(row: dict[str, Any]) -> Task:
    id_ = row["task_id"] if row["state"] == "queued" else ""
    return Task(id_, row["step"], row["office"], row["dossier_id"], row["dossier_id"], tuple(row["outcomes"]))


async def test_the_clock_stands_for_the_tax_and_its_payment_and_the_citizen_is_told_their_turn(
    days: Days,
) -> None:
    await days.begin(THURSDAY)
    slip = await a_land_transfer(days)
    await days.town.got(slip, messages=4)
    await finishes(days, "land-registry", "check", slip, AFTER_TET)

    life = await days.town.life(slip)
    assert (life["current_due_at"], life["promised_due_at"][:10]) == (None, "2026-03-03")
    notice = await on_the_page(days, slip, "tax-notice")
    assert notice["due_at"] == "2026-03-02T17:00:00+07:00"
    await days.citizens_picture("story-tax-notice", slip)

    await finishes(days, "tax", "tax-notice", slip, TUESDAY)
    await on_the_page(days, slip, "citizen-pays")
    texts = [one for one in await days.town.got(slip, messages=6) if one["channel"] == "sms"]
    assert "doi ban lam mot viec truoc 26/03/2026" in texts[-1]["text"]
    await days.citizens_picture("story-your-turn", slip)

    await days.become(NEXT_TUESDAY)
    assert [one for one in (await days.town.life(slip))["deadlines"] if one["level"] == "breach"] == []

    await finishes(days, "tax", "citizen-pays", slip, PAID)
    life = await days.town.life(slip)
    assert life["current_due_at"] == "2026-03-18T17:00:00+07:00"
    assert sum(line["counts"] for line in life["explanation"]) == 8
    await days.officers_picture("story-tax-and-land", "dieuhanh", f"/board/dossiers/{slip.code}")

    await finishes(days, "land-registry", "update", slip, IN_TIME)
    life = await days.town.life(slip)
    minutes = {one["whose"]: one["minutes"] for one in life["time"]}
    assert (life["state"], life["late"], life["overdue"]) == ("completed", [], None)
    assert minutes["outside"] < minutes["citizen"]
