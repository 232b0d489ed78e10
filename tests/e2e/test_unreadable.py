"""A party that writes rubbish learns which record, what was wrong, how to mend it; its good word counts."""

from __future__ import annotations

from tests.e2e.town import COMPLETED, STARTED, Town

BA_DINH = "00004"


async def test_what_cannot_be_used_goes_back_with_its_remedy(town: Town) -> None:
    slip = await town.files(
        "permanent-residence", place={"dwelling": BA_DINH}, facts={"rented": True}, channel="vneid"
    )
    [task] = await town.queued("ward-police", slip, tasks=1)

    town.replies("ward-police", task, STARTED, value=b'{"dossier_id": ')
    town.replies("ward-police", task, "task.finished.v9")
    town.replies("ward-police", task, STARTED, data={"office": "PASC-SP.00070"})
    town.replies("ward-police", task, STARTED, headers={"ce_source": b"/party/tax"})
    town.replies("ward-police", task, STARTED, headers={"ce_time": b"\xff\xfe"})

    problems = await town.problems("ward-police", slip, how_many=5)
    fields = {problem["field"] for problem in problems}
    assert {"ce_type", "office", "ce_source", "ce_time"} <= fields
    assert all(problem["remedy_vi"] and problem["remedy_en"] for problem in problems)
    assert len({(problem["partition"], problem["offset"]) for problem in problems}) == 5
    assert (await town.sees(slip))["steps"][0]["state"] == "queued"

    town.replies("ward-police", task, COMPLETED)
    _, verify = await town.queued("ward-police", slip, tasks=2)
    assert verify.step == "verify"
    assert len(await town.problems("ward-police", slip, how_many=5)) == 5
