"""A couple brings one form 02: the city makes the other as a dossier of its own, and a no undoes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.town import COMPLETED, Slip, Task, eventually

FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
BA_DINH, REGISTRY, INVESTOR = "00004", "land-registry", "investor-alpha"
PAPERS = [{"type": type, "file": f"{type}.pdf", "bytes": 71680} for type in ("DON-NOXH", "MAU02", "MAU04")]
SPOUSE = "mau02-spouse"


async def a_couple(days: Days) -> Slip:
    """They apply for a home and bring the applicant's form 02, not the spouse's."""
    return await days.town.files(
        "social-housing-purchase",
        place={"project": "binh-minh", "residence": BA_DINH},
        channel="investor",
        by=INVESTOR,
        facts={"married": True, "labour_contract": True, "wants_loan": False},
        papers=PAPERS,
        delivery="investor",
        confirmed=["too_early"],
    )


def step(seen: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in seen["steps"] if one["step"] == name)


async def shown(days: Days, slip: Slip, state: str) -> dict[str, Any]:
    """Wait until the citizen's page has the spouse's step in this state."""

    async def there() -> dict[str, Any] | None:
        seen = await days.town.sees(slip)
        steps = seen.get("steps") or []
        return seen if any(one["step"] == SPOUSE and one["state"] == state for one in steps) else None

    return await eventually(there, f"{SPOUSE} to be {state}")


async def worked_through(days: Days, slip: Slip, outcome: str) -> list[Task]:
    """The registry does the child's three steps; its last word is the outcome."""
    for done in (1, 2, 3):
        task = (await days.town.queued(REGISTRY, slip, tasks=done))[-1]
        why = {"reason": "Còn một căn nhà khác."} if outcome == "denied" else {}
        days.town.replies(REGISTRY, task, COMPLETED, data={"outcome": outcome, **why} if done == 3 else {})
    return await days.town.queued(REGISTRY, slip, tasks=3)


async def test_the_missing_paper_is_a_child_dossier_and_a_no_undoes_nothing(days: Days) -> None:
    await days.begin(FRIDAY)
    slip = await a_couple(days)

    seen = await shown(days, slip, "started")
    assert (step(seen, "mau02-self")["state"], step(seen, SPOUSE)["child"]["code"]) == (
        "done",
        f"{slip.code}.1",
    )
    assert step(seen, SPOUSE)["child"]["due_at"] == "2026-03-13T17:00:00+07:00"
    told = len(await days.town.got(slip, messages=4))
    await days.citizens_picture("story-child-citizen", slip)
    await days.officers_picture("story-child-life", "dieuhanh", f"/board/dossiers/{slip.code}")

    tasks = await worked_through(days, slip, "denied")
    assert {(task.root, task.dossier_id != slip.dossier_id) for task in tasks} == {(slip.dossier_id, True)}
    assert [task.step for task in tasks] == ["lookup", "archive-check", "sign"]

    seen = await shown(days, slip, "queued")
    assert (seen["state"], step(seen, "mau02-self")["state"]) == ("in_process", "done")
    assert step(seen, SPOUSE)["child"]["outcome"] == "denied"
    [given] = await days.town.queued(INVESTOR, slip, tasks=1)
    assert (given.step, given.dossier_id) == (SPOUSE, slip.dossier_id)

    days.town.replies(INVESTOR, given, COMPLETED)
    assert [task.step for task in await days.town.queued(INVESTOR, slip, tasks=2)] == [SPOUSE, "file"]
    assert len(await days.town.got(slip, messages=told)) == told
