"""A marriage the counter does not accept: the citizen is told once, and nobody else is bothered."""

from __future__ import annotations

from tests.e2e.town import Slip, Town

BA_DINH = "00004"


async def a_marriage(town: Town) -> Slip:
    facts = {"resident_here": True}
    return await town.files("marriage", place={"chosen": BA_DINH}, facts=facts, delivery="counter")


async def test_a_refused_dossier_ends_at_the_door(town: Town) -> None:
    slip = await a_marriage(town)
    assert slip.state == "submitted"
    [receive] = await town.on_desk("pasc", slip)
    assert (receive["step"], receive["office"]) == ("receive", f"PASC-SP.{BA_DINH}")

    words = "Tờ khai chưa có chữ ký của cả hai người."
    said = await town.at_counter(
        slip, "refuse", reason_code="papers_incomplete", text=words, rule="Luật Hộ tịch 2014"
    )
    assert (said["state"], said["promised_due_at"]) == ("refused", None)

    page = await town.sees_state(slip, "refused")
    assert page["state_vi"] == "Không được tiếp nhận"
    assert page["holder"] is None

    texts = [one["text"] for one in await town.got(slip, messages=4) if one["channel"] == "sms"]
    assert texts[0].startswith(f"Ho so {slip.code} da nop")
    assert texts[1].startswith(f"Ho so {slip.code} khong duoc tiep nhan")

    life = await town.life(slip)
    assert [(task["step"], task["state"]) for task in life["tasks"]] == [("receive", "done")]
    assert not town.records("agency.civil-status.tasks", slip)


async def test_an_accepted_dossier_is_promised_a_date_and_says_how_it_was_counted(town: Town) -> None:
    slip = await a_marriage(town)

    said = await town.at_counter(slip, "accept")

    assert said["state"] == "accepted"
    assert said["promised_due_at"] == "2026-03-06T17:00:00+07:00"
    assert said["explanation"][0]["why"]
    [register] = await town.queued("civil-status", slip, tasks=1)
    assert (register.step, register.office) == ("register", f"WARD-JUS.{BA_DINH}")
