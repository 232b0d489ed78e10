"""A holiday announced while everything runs: the dates that move, who is told, and nothing moves twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from deploy.demo.city_day.holiday import with_day_off
from services.intake.domain.dossier.promise import first_promise
from services.routing.domain.case.case import Case
from shared.db.transaction import transaction
from tests.builders.routing import FRIDAY, accepted_event, catalogue, submitted_case, submitted_event
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
TUESDAY = with_day_off(date(2026, 3, 10), FRIDAY)


async def publish(world: World, text: str, *, dry_run: bool = False) -> httpx.Response:
    return await world.post("operator", "/v1/calendar", {"text": text, "dry_run": dry_run})


async def in_process(world: World, procedures: Sequence[str]) -> list[Case]:
    """Accepted on Friday, each with the date intake would have promised."""
    found = [replace(submitted_case(name), auto_accept=False) for name in procedures]
    for case in found:
        await world.intake_says([submitted_event(case), accepted_event(case, _promised(case))])
    return [await world.until_state(case, "in_process") for case in found]


def _promised(case: Case) -> Any:
    known = catalogue().procedure_version(case.procedure, case.version)
    office = catalogue().office(case.receiving_office)
    return first_promise(catalogue(), known, office, FRIDAY, FRIDAY).due_at


async def walked(world: World, round: int = 2) -> dict[str, Any]:
    """The newest walk, once this round has begun (or it is over)."""

    async def is_recounted() -> bool:
        rows = (await world.get("operator", "/v1/calendar/recounts")).json()
        return bool(rows) and (rows[0]["round"] >= round or rows[0]["done"])

    await until(is_recounted)
    return (await world.get("operator", "/v1/calendar/recounts")).json()[0]


async def published_data(world: World, type: str = "deadline.moved.v1") -> list[dict[str, Any]]:
    async with transaction(world.routing) as tx:
        rows = await tx.fetch(
            "SELECT root_id, because, state FROM case_history WHERE type = $1 ORDER BY root_id", type
        )
    return [dict(row) for row in rows]


async def test_those_foreseen_to_move_are_those_told_and_nobody_twice(world: World) -> None:
    short, long = await in_process(world, ["business-household", "disability-certificate"])
    (undated,) = await in_process(world, ["social-housing-purchase"])

    foreseen = (await publish(world, TUESDAY, dry_run=True)).json()
    assert (foreseen["open"], foreseen["published"]) == (3, False)
    assert await published_data(world) == []

    assert (await publish(world, TUESDAY)).json()["moved"] == foreseen["moved"]
    walk = await walked(world)
    assert walk["moved"] == foreseen["moved"] == len(await published_data(world)) == 2
    for case in (short, long):
        now = await world.case(case)
        assert now is not None
        assert now.promised_due_at == case.promised_due_at
        assert now.current_due_at is not None
        assert case.current_due_at is not None
        assert now.current_due_at > case.current_due_at
    assert (await world.case(undated)) is not None

    assert (await publish(world, TUESDAY)).json()["changed"] is False
    assert len(await published_data(world)) == 2


async def test_what_was_promised_by_an_old_copy_meanwhile_is_counted_in_the_second_walk(world: World) -> None:
    await publish(world, TUESDAY)
    await walked(world)
    (late,) = await in_process(world, ["business-household"])
    await world.database.set_clock(FRIDAY + timedelta(minutes=11))

    async def has_moved() -> bool:
        case = await world.case(late)
        return case is not None and case.current_due_at != late.current_due_at

    await until(has_moved)
    assert [line["root_id"] for line in await published_data(world)] == [late.root]


async def test_a_calendar_is_not_rewritten_and_its_mistakes_are_named(world: World) -> None:
    past = await publish(world, with_day_off(date(2026, 3, 6), FRIDAY))
    assert (past.status_code, past.json()["code"]) == (422, "calendar_rewritten")
    assert [error["code"] for error in past.json()["errors"]] == ["calendar_in_past"]
    broken = await publish(world, "covers: {from: 2024-01-01}\n")
    assert (broken.status_code, broken.json()["code"]) == (422, "catalogue_has_mistakes")
    assert broken.json()["errors"][0]["field"].startswith("calendars.yaml:")
    assert (await world.get("operator", "/v1/calendar/recounts")).json() == []
