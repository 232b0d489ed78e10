"""A party that sends everything twice and in the wrong order: the effect is as if it had not."""

from __future__ import annotations

from tests.e2e.town import COMPLETED, STARTED, Slip, Town

BA_DINH = "00004"


async def a_residence(town: Town) -> Slip:
    return await town.files(
        "permanent-residence", place={"dwelling": BA_DINH}, facts={"rented": False}, channel="vneid"
    )


async def test_a_completion_sent_twice_counts_once(town: Town) -> None:
    slip = await a_residence(town)
    [intake] = await town.queued("ward-police", slip, tasks=1)

    id_ = town.replies("ward-police", intake, COMPLETED)
    town.replies("ward-police", intake, COMPLETED, id=id_)
    town.replies("ward-police", intake, COMPLETED)
    _, verify = await town.queued("ward-police", slip, tasks=2)
    town.replies("ward-police", verify, COMPLETED)
    *_, issue = await town.queued("ward-police", slip, tasks=3)
    town.replies("ward-police", issue, COMPLETED)

    await town.sees_state(slip, "completed")
    life = await town.life(slip)
    assert [task["state"] for task in life["tasks"] if task["kind"] == "step"] == ["done"] * 3
    assert sum(line["because"] == COMPLETED for line in life["history"]) == 3
    assert len(await town.got(slip, messages=6)) == 6


async def test_a_start_that_comes_after_the_end_changes_nothing(town: Town) -> None:
    slip = await a_residence(town)
    [intake] = await town.queued("ward-police", slip, tasks=1)

    town.replies("ward-police", intake, COMPLETED)
    town.replies("ward-police", intake, STARTED)
    _, verify = await town.queued("ward-police", slip, tasks=2)
    town.replies("ward-police", verify, STARTED)
    await town.sees_state(slip, "in_process")

    page = await town.sees(slip)
    assert page["steps"][0]["state"] == "done"
    assert page["steps"][0]["done_at"] is not None
    assert len(await town.queued("ward-police", slip, tasks=2)) == 2
