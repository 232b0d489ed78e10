"""A couple is told when to come and sign, told again when the time moves, and married once they came."""

from __future__ import annotations

from datetime import datetime

from tests.e2e.stories.days import Days
from tests.e2e.town import COMPLETED, Slip

BA_DINH = "00004"
FRIDAY = datetime.fromisoformat("2026-03-06T08:30:00+07:00")
REGISTRAR = "civil-status"
PROPOSED, KEPT = "appointment.proposed.v1", "appointment.kept.v1"


async def a_marriage(days: Days) -> Slip:
    """Accepted at the counter, in the registrar's hands."""
    facts = {"resident_here": True}
    slip = await days.town.files("marriage", place={"chosen": BA_DINH}, facts=facts, delivery="counter")
    await days.town.at_counter(slip, "accept")
    return slip


async def last_text(days: Days, slip: Slip, messages: int) -> str:
    """The newest text, once so many messages have arrived."""
    arrived = await days.town.got(slip, messages=messages)
    return [message["text"] for message in arrived if message["channel"] == "sms"][-1]


async def test_they_are_told_each_time_and_the_register_waits_for_them(days: Days) -> None:
    await days.begin(FRIDAY)
    slip = await a_marriage(days)
    [register] = await days.town.queued(REGISTRAR, slip, tasks=1)
    due = (await days.town.sees_state(slip, "in_process"))["due_at"]
    await days.town.got(slip, messages=4)

    days.town.replies(REGISTRAR, register, COMPLETED)
    [problem] = await days.town.problems(REGISTRAR, slip, 1)
    assert problem["code"] == "appointment_first"

    days.town.replies(REGISTRAR, register, PROPOSED, data={"meet_at": "2026-03-06T10:30:00+07:00"})
    assert "luc 10:30 ngay 06/03/2026" in await last_text(days, slip, 6)
    days.town.replies(REGISTRAR, register, PROPOSED, data={"meet_at": "2026-03-06T15:00:00+07:00"})
    assert "luc 15:00 ngay 06/03/2026" in await last_text(days, slip, 8)
    assert (await days.town.sees(slip))["due_at"] == due

    days.town.replies(REGISTRAR, register, KEPT)
    days.town.replies(REGISTRAR, register, COMPLETED)
    page = await days.town.sees_state(slip, "completed")
    assert page["outcome"] == "granted"
    history = [line["because"] for line in (await days.town.life(slip))["history"]]
    assert history.count(PROPOSED) == 2
    assert history.count(KEPT) == 1
