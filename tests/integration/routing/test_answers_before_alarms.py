"""Routing was away while an office answered: its answer is read before anybody is told that it is late."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from services.routing.domain.case.case import Case
from services.routing.main import running
from services.routing.store import cases
from shared.db.transaction import transaction
from tests.builders.routing import FRIDAY, accepted_event, submitted_case, submitted_event
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.routing_asks import on
from tests.builders.wire import until
from tests.databases import Database
from tests.integration.routing.conftest import World, standing

pytestmark = pytest.mark.integration

TOLD_WHEN_HELD = {60.0: [], 0.0: ["one_day", "breach"]}
"""By how many seconds the first deadlines wait: what is told of an office that had answered."""


async def work_begins(world: World, registry: ForeignAgency) -> tuple[Case, Received]:
    """A dossier whose first step lies with the land registry."""
    case = submitted_case("land-transfer", at=FRIDAY)
    await world.intake_says([submitted_event(case), accepted_event(case, on(3, 18, 17))])
    return case, await asyncio.to_thread(registry.next)


@pytest.mark.parametrize("hold", TOLD_WHEN_HELD)
async def test_an_answer_given_meanwhile_is_heard_before_the_alarm(
    database: Database, kafka: str, topic_prefix: str, tmp_path: Path, hold: float
) -> None:
    async with standing(database, kafka, topic_prefix, tmp_path) as world:
        registry = ForeignAgency(kafka, "land-registry", topic_prefix)
        case, task = await work_begins(world, registry)
        known = await world.case(case)
    first = next(one for one in known.tasks if str(one.id) == task.data["task_id"]) if known else None
    assert first and first.due_at
    registry.reply(task)
    registry.close()
    await database.set_clock(first.due_at + timedelta(seconds=1))
    pool = await database.pool("routing")

    async def answered() -> bool:
        async with transaction(pool) as tx:
            (found,) = (await cases.read_cases(tx, [case.root])).values()
        told[:] = [alarm.level.value for alarm in found.alarms if alarm.about == first.id]
        return any(one.id == first.id and one.done_at for one in found.tasks)

    told: list[str] = []
    async with running(world.settings.model_copy(update={"first_sweep_seconds": hold})):
        await until(answered)
    assert told == TOLD_WHEN_HELD[hold]
