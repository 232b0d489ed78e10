"""A signed new date: one row beside the case, warned of, and its end said once; what everybody sees of it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import pytest

from deploy.demo.city_day.closing_check.new_dates import each_new_date_has_its_end
from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel
from services.routing.domain.case.task import OfficeRequest, RequestDetails, TaskAct
from services.routing.domain.clock.new_date import new_date_clock_id, passed_new_date
from services.routing.store import board, board_lists, desk
from services.routing.usecases.act_on_tasks import ActResult, DeskAct, act_on_tasks
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.events.case import NEW_DATE_PASSED
from shared.messaging.sweep import sweep_once
from shared.security import audit_chain
from tests.builders.routing import FRIDAY, catalogue, submitted_case, task_of
from tests.builders.routing_batches import accepted, city_rules, stored
from tests.builders.routing_outbox import updates_sent
from tests.databases import Database

pytestmark = pytest.mark.integration
DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
MORNING = datetime(2026, 3, 17, 9, tzinfo=CITY_TZ)
FRIDAY_AGAIN = datetime(2026, 3, 20, 17, tzinfo=CITY_TZ)
SECOND, WEEK = timedelta(seconds=1), timedelta(days=7)
HEAD = Actor(kind="officer", id="truongphong", role="leader", office="HPOL")
CLERK = Actor(kind="officer", id="canbo", role="specialist", office="HPOL")
fire = partial(fire_timers, catalogue=CatalogueCache(catalogue()))


@pytest.fixture
async def pool(database: Database, pool_for: Callable[[str], Awaitable[asyncpg.Pool]]) -> asyncpg.Pool:
    await database.set_clock(FRIDAY)
    return await pool_for("routing")


async def acts(pool: asyncpg.Pool, case: Case, step: str, act: TaskAct | OfficeRequest, **said: Any) -> Case:
    desk_act = DeskAct(task_of(case, step).id, act, "HPOL", **{"actor": CLERK, **said})
    async with transaction(pool) as tx:
        (answer,) = await act_on_tasks(tx, [desk_act], await city_rules(tx))
    assert isinstance(answer, ActResult), answer
    (found,) = await stored(pool, [case])
    return found


@pytest.fixture
async def promised(pool: asyncpg.Pool, database: Database) -> Case:
    """A judicial record, late since Monday; on Tuesday its head promises Friday the 20th."""
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    await swept(pool, database, DUE + SECOND)
    (late,) = await stored(pool, [case])
    await database.set_clock(MORNING)
    return await acts(
        pool,
        late,
        "letter",
        OfficeRequest.SIGNATURE,
        actor=HEAD,
        details=RequestDetails(new_day=date(2026, 3, 20)),
    )


async def swept(pool: asyncpg.Pool, database: Database, at: datetime) -> int:
    await database.set_clock(at)
    return await sweep_once(pool, fire)


async def published_deadlines(pool: asyncpg.Pool) -> list[tuple[str, str, datetime]]:
    rows = await pool.fetch("SELECT level, told, at FROM deadlines_fired WHERE scope = 'new_date' ORDER BY n")
    return [(row["level"], row["told"], row["at"]) for row in rows]


async def against(pool: asyncpg.Pool, now: datetime) -> list[str]:
    async with pool.acquire() as conn:
        return (await each_new_date_has_its_end(conn, await updates_sent(pool), now)).contradictions


async def test_the_signature_plants_one_row(pool: asyncpg.Pool, promised: Case) -> None:
    row = await pool.fetchrow("SELECT about, level, at FROM deadlines WHERE scope = 'new_date'")
    assert row is not None
    assert (row["about"], row["level"]) == (new_date_clock_id(promised), "one_day")
    assert row["at"] == FRIDAY_AGAIN.replace(hour=8)


async def test_warned_on_its_last_morning_then_told_to_head_and_city_at_once_and_never_again(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    for at in (FRIDAY_AGAIN.replace(hour=8), FRIDAY_AGAIN, FRIDAY_AGAIN + SECOND, FRIDAY_AGAIN + WEEK):
        await swept(pool, database, at)
    assert await published_deadlines(pool) == [
        ("one_day", "holder", FRIDAY_AGAIN.replace(hour=8)),
        ("breach", "head", FRIDAY_AGAIN + SECOND),
        ("city", "city", FRIDAY_AGAIN + SECOND),
    ]
    assert await pool.fetchval("SELECT count(*) FROM deadlines WHERE scope = 'new_date'") == 0
    types = [one.type for one in await updates_sent(pool)]
    assert types.count(NEW_DATE_PASSED) == 1
    assert await against(pool, FRIDAY_AGAIN + WEEK) == []
    async with transaction(pool) as tx:
        assert (await audit_chain.verify(tx)).is_intact


async def test_after_a_week_off_its_end_is_told_once_with_how_late(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    await swept(pool, database, FRIDAY_AGAIN + WEEK)
    (found,) = await stored(pool, [promised])
    ends = [a for a in found.alarms if (a.scope, a.level) == (ClockScope.NEW_DATE, DeadlineLevel.BREACH)]
    assert [end.delay_seconds for end in ends] == [7 * 86400 - 1]
    end = passed_new_date(found)
    assert end is not None
    assert (end.told_at, end.office_short) == (FRIDAY_AGAIN + WEEK, "Công an TP Hà Nội")


async def test_done_in_time_its_row_is_gone_and_nobody_hears_of_it(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    for step in ("intake", "search"):
        promised = await acts(pool, promised, step, TaskAct.COMPLETE)
    promised = await acts(pool, promised, "issue", TaskAct.COMPLETE, outcome="granted")
    assert promised.state == "completed"
    assert await pool.fetchval("SELECT count(*) FROM deadlines") == 0
    await swept(pool, database, FRIDAY_AGAIN + WEEK)
    assert await published_deadlines(pool) == []
    assert await against(pool, FRIDAY_AGAIN + WEEK) == []


async def test_a_letter_signed_before_there_was_such_a_clock_is_found(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    await pool.execute(
        "UPDATE deadlines SET about = gen_random_uuid(), level = 'breach', at = $1 WHERE scope = 'new_date'",
        FRIDAY,
    )
    await swept(pool, database, MORNING)
    rows = await pool.fetch("SELECT about, level FROM deadlines WHERE scope = 'new_date'")
    assert [tuple(row) for row in rows] == [(new_date_clock_id(promised), "one_day")]


async def test_the_desk_and_the_boards_list_show_it(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    later = FRIDAY_AGAIN + SECOND
    await swept(pool, database, later)
    async with transaction(pool) as tx:
        rows = await desk.list_desk_tasks(tx, desk="HPOL")
        span = board.BoardSpan(later, later, later)
        counted = await board.board_counts(tx, span)
        listed = await board_lists.list_open(tx, "new_dates", span)
        before = await board.board_counts(tx, board.BoardSpan(FRIDAY_AGAIN, later, later))
    assert [row.new_due_at for row in rows] == [FRIDAY_AGAIN]
    assert (before.new_dates, counted.new_dates) == (0, 1)
    assert [(line.code, line.new_due_at) for line in listed.lines] == [(promised.code, FRIDAY_AGAIN)]


async def test_planted_an_end_nobody_was_told_of_is_named_by_the_closing_check(
    pool: asyncpg.Pool, promised: Case
) -> None:
    assert await against(pool, FRIDAY_AGAIN) == []
    found = await against(pool, FRIDAY_AGAIN + SECOND)
    assert found == [f"{promised.code}: its new date has passed, and nobody was told"]


async def test_planted_an_end_that_only_the_head_heard_is_named(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    await swept(pool, database, FRIDAY_AGAIN + SECOND)
    await pool.execute("DELETE FROM deadlines_fired WHERE scope = 'new_date' AND level = 'city'")
    found = await against(pool, FRIDAY_AGAIN + SECOND)
    assert found == [f"{promised.code}: its new date's end was told to head"]


async def test_planted_an_end_told_before_its_date_is_named(
    pool: asyncpg.Pool, database: Database, promised: Case
) -> None:
    await swept(pool, database, FRIDAY_AGAIN + SECOND)
    await pool.execute(
        "UPDATE cases SET apology = jsonb_set(apology, '{new_due_at}', $1)", '"2026-04-01T17:00:00+07:00"'
    )
    found = await against(pool, FRIDAY_AGAIN + SECOND)
    assert found == [f"{promised.code}: its new date was kept, and said to have passed"]
