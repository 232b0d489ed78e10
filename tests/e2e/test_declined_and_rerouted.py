"""A marital-status certificate that went to the wrong ward: given back, re-sent by a person, and finished."""

from __future__ import annotations

from tests.e2e.town import COMPLETED, DECLINED, STARTED, Town

BA_DINH, NGOC_HA = "00004", "00008"


async def test_what_an_office_gives_back_an_operator_sends_on(town: Town) -> None:
    slip = await town.files(
        "marital-status",
        place={"chosen": BA_DINH, "residence": BA_DINH},
        facts={"earlier_wards": ["00070"], "for_use": "kết hôn"},
    )
    await town.at_counter(slip, "accept")
    [check] = await town.queued("civil-status", slip, tasks=1)
    assert (check.step, check.office) == ("check", f"WARD-JUS.{BA_DINH}")

    town.replies("civil-status", check, DECLINED, data={"reason": "Người này ở phường Ngọc Hà"})
    [given_back] = await town.with_operator(slip)
    assert (given_back["state"], given_back["reason"]) == ("declined", "Người này ở phường Ngọc Hà")

    again = await town.resends(given_back, f"WARD-JUS.{NGOC_HA}")
    assert (again["office"], again["state"]) == (f"WARD-JUS.{NGOC_HA}", "queued")
    _, elsewhere = await town.queued("civil-status", slip, tasks=2)
    assert (elsewhere.step, elsewhere.office) == ("check", f"WARD-JUS.{NGOC_HA}")

    town.replies("civil-status", elsewhere, STARTED)
    town.replies("civil-status", elsewhere, COMPLETED)
    [sign] = await town.on_desk("wards", slip)
    assert (sign["step"], sign["office"]) == ("sign", f"WARD.{BA_DINH}")
    await town.does("wards", sign, "start")
    await town.does("wards", sign, "complete", outcome="granted")

    page = await town.sees_state(slip, "completed")
    done = [(step["step"], step["office"]) for step in page["steps"] if step["state"] == "done"]
    assert ("check", "Hộ tịch P. Ngọc Hà") in done
    assert len(await town.got(slip, messages=6)) == 6
