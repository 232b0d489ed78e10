"""The closing check of a city's day asks for a letter behind each breach, and sees where one is wanting."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import asyncpg
import pytest

from deploy.demo.city_day.closing_check.letters import each_breach_has_its_letter
from services.routing.domain.case.case import Case
from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.usecases.act_on_tasks import ActResult, DeskAct, act_on_tasks
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.messaging.sweep import sweep_once
from tests.builders.routing import FRIDAY, catalogue, submitted_case, task_of
from tests.builders.routing_batches import accepted, city_rules, stored
from tests.builders.routing_outbox import updates_sent
from tests.databases import Database

pytestmark = pytest.mark.integration
DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
HEAD = Actor(kind="officer", id="truongphong", role="leader", office="HPOL")
fire = partial(fire_timers, catalogue=CatalogueCache(catalogue()))


@pytest.fixture
async def pool(database: Database, pool_for: Callable[[str], Awaitable[asyncpg.Pool]]) -> asyncpg.Pool:
    await database.set_clock(FRIDAY)
    return await pool_for("routing")


@pytest.fixture
async def late(pool: asyncpg.Pool, database: Database) -> Case:
    cases = await accepted(pool, [submitted_case("judicial-record-1")])
    await database.set_clock(DUE + timedelta(seconds=1))
    await sweep_once(pool, fire)
    (case,) = await stored(pool, cases)
    return case


async def against(pool: asyncpg.Pool, without: str = "") -> list[str]:
    said = [one for one in await updates_sent(pool) if one.type != without]
    async with pool.acquire() as conn:
        return (await each_breach_has_its_letter(conn, said)).contradictions


async def test_drafted_then_signed_all_is_well(pool: asyncpg.Pool, late: Case) -> None:
    assert await against(pool) == []
    act = DeskAct(task_of(late, "letter").id, OfficeRequest.SIGNATURE, "HPOL", HEAD, details=RequestDetails())
    async with transaction(pool) as tx:
        (answer,) = await act_on_tasks(tx, [act], await city_rules(tx))
    assert isinstance(answer, ActResult), answer
    assert await against(pool) == []


async def test_planted_a_lost_letter_is_named(pool: asyncpg.Pool, late: Case) -> None:
    await pool.execute("UPDATE cases SET apology = NULL")
    assert f"{late.code}: late without a letter" in await against(pool)


async def test_planted_a_draft_nobody_was_told_of_is_named(pool: asyncpg.Pool, late: Case) -> None:
    (found,) = await against(pool, without="apology.drafted.v1")
    assert found == f"{late.code}: apology.drafted.v1 was told 0 times instead of 1"


async def test_planted_a_step_that_went_on_is_named(pool: asyncpg.Pool, late: Case) -> None:
    await pool.execute(
        "UPDATE tasks SET state = 'queued', party = 'city-police', queued_at = $1 WHERE step = 'search'",
        DUE + timedelta(hours=1),
    )
    assert await against(pool) == [f"{late.code}: went on before the letter: search"]


async def test_planted_a_result_before_the_letter_is_named(pool: asyncpg.Pool, late: Case) -> None:
    await pool.execute(
        "UPDATE cases SET state = 'completed', outcome = 'granted', completed_at = $1",
        DUE + timedelta(hours=1),
    )
    assert await against(pool) == [f"{late.code}: completed before the letter"]


async def test_planted_a_letter_told_of_twice_is_named(pool: asyncpg.Pool, late: Case) -> None:
    async with pool.acquire() as conn:
        told = await updates_sent(pool)
        found = await each_breach_has_its_letter(conn, [*told, told[-1]])
    assert found.contradictions == [f"{late.code}: apology.drafted.v1 was told 2 times instead of 1"]
