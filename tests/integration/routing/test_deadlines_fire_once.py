"""Deadlines in the tables: who is told, once, whoever sweeps and however long nobody did."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from services.routing.domain.case.case import Case
from services.routing.store import board, board_lists, cases, desk
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.clock import CITY_TZ
from shared.db.transaction import Tx, transaction
from shared.messaging.sweep import sweep_once
from shared.security import audit_chain
from tests.builders.routing import FRIDAY, MONDAY, catalogue, submitted_case, submitted_event
from tests.builders.routing_batches import accepted, answer, counted, follow, reply_of, stored
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration
PoolFor = Callable[[str], Awaitable[asyncpg.Pool]]
fire = partial(fire_timers, catalogue=CatalogueCache(catalogue()))
DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
WEEK = timedelta(days=7)


@pytest.fixture
async def pool(database: Database, pool_for: PoolFor) -> asyncpg.Pool:
    await database.set_clock(FRIDAY)
    return await pool_for("routing")


async def at_the_door(pool: asyncpg.Pool, many: int = 1) -> list[Case]:
    handed_in = [submitted_case("building-permit-house") for _ in range(many)]
    async with transaction(pool) as tx:
        await follow(tx, map(submitted_event, handed_in))
    return await stored(pool, handed_in)


async def swept(pool: asyncpg.Pool, database: Database, at: datetime, *, limit: int = 200) -> int:
    await database.set_clock(at)
    return await sweep_once(pool, fire, limit=limit)


async def fired(pool: asyncpg.Pool) -> list[tuple[str, str, str]]:
    rows = await pool.fetch("SELECT scope, level, told FROM deadlines_fired ORDER BY at, scope, n")
    return [(row["scope"], row["level"], row["told"]) for row in rows]


async def events(pool: asyncpg.Pool, type: str) -> list[dict[str, Any]]:
    rows = await pool.fetch(
        "SELECT headers, value FROM outbox WHERE topic = 'case.updates' ORDER BY position"
    )
    found = [(dict(orjson.loads(row["headers"])), orjson.loads(row["value"])) for row in rows]
    return [value for head, value in found if head["ce_type"] == f"vn.motcua.{type}"]


async def test_untouched_at_the_door_it_climbs_from_operator_to_head_to_city(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool)
    for now in (
        MONDAY,
        MONDAY + timedelta(seconds=1),
        MONDAY + timedelta(hours=15),
        MONDAY + timedelta(days=1),
    ):
        await swept(pool, database, now)
    assert await fired(pool) == [
        ("task", "two_hours", "holder"),
        ("task", "breach", "operator"),
        ("task", "head", "head"),
        ("task", "city", "city"),
    ]
    last = (await events(pool, "case.updated.v1"))[-1]
    assert last["because"] == "deadline.escalated.v1"
    assert last["overdue"]["to"] == "city"


async def test_the_desk_and_the_boards_list_say_who_was_told(pool: asyncpg.Pool, database: Database) -> None:
    (case,) = await at_the_door(pool)
    now = MONDAY + timedelta(hours=15)
    await swept(pool, database, now)
    async with transaction(pool) as tx:
        (row,) = await desk.list_desk_tasks(tx, desk=case.receiving_office)
        found = await board_lists.list_open(tx, "late", board.BoardSpan(now, now, now))
    assert (row.escalated_to, [line.escalated_to for line in found.lines]) == ("head", ["head"])


async def test_finished_in_time_nothing_is_ever_said(pool: asyncpg.Pool, database: Database) -> None:
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    for step in ("intake", "search", "issue"):
        async with transaction(pool) as tx:
            await answer(tx, [reply_of(case, step)])
        (case,) = await stored(pool, [case])
    assert await pool.fetchval("SELECT count(*) FROM deadlines") == 0
    assert await swept(pool, database, DUE + WEEK) == 0
    assert await fired(pool) == []


async def test_after_a_week_off_each_is_said_once_in_order_with_how_late(
    pool: asyncpg.Pool, database: Database
) -> None:
    (case,) = await at_the_door(pool)
    await swept(pool, database, MONDAY + WEEK)
    await swept(pool, database, MONDAY + WEEK + WEEK)
    warned, breached = await events(pool, "deadline.warning.v1"), await events(pool, "deadline.breached.v1")
    assert [one["deadline"]["late_by"] for one in warned] == [7 * 86400 + 7200]
    assert [one["deadline"]["late_by"] for one in breached] == [7 * 86400 - 1]
    (known,) = await stored(pool, [case])
    assert [alarm.overtaken for alarm in known.alarms] == [True, True, True, False]
    assert [alarm.at for alarm in known.alarms] == sorted(alarm.at for alarm in known.alarms)
    async with transaction(pool) as tx:
        assert (await audit_chain.verify(tx)).is_intact


async def test_each_has_its_line_in_the_history_and_the_audit(pool: asyncpg.Pool, database: Database) -> None:
    await at_the_door(pool)
    await swept(pool, database, MONDAY + timedelta(seconds=1))
    lines = await pool.fetch(
        "SELECT because, step FROM case_history WHERE because LIKE 'deadline.%' ORDER BY n"
    )
    assert [tuple(line) for line in lines] == [
        ("deadline.warning.v1", "receive"),
        ("deadline.breached.v1", "receive"),
    ]
    async with transaction(pool) as tx:
        assert (await audit_chain.verify(tx)).lines == 3


async def test_what_is_open_and_not_due_costs_the_sweep_nothing(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool, 300)
    await pool.execute("ANALYZE deadlines")
    plan = await pool.fetch(
        """EXPLAIN SELECT d.root_id FROM deadlines d JOIN cases c USING (root_id)
            WHERE d.at <= $1::timestamptz ORDER BY d.at LIMIT 200 FOR UPDATE OF c SKIP LOCKED""",
        FRIDAY,
    )
    assert "deadlines_due" in "\n".join(row[0] for row in plan)
    assert await swept(pool, database, FRIDAY) == 0


async def cost_of(pool: asyncpg.Pool, many: int) -> int:
    await at_the_door(pool, many)
    async with counted(pool) as (tx, made):
        assert await fire(tx, 1000) == many
    return len(made)


async def test_statements_do_not_grow_with_what_is_due(pool: asyncpg.Pool, database: Database) -> None:
    await at_the_door(pool)
    await swept(pool, database, MONDAY + WEEK)
    assert await cost_of(pool, 1) == await cost_of(pool, 300)


async def test_cases_open_before_there_were_deadlines_are_found(
    pool: asyncpg.Pool, database: Database
) -> None:
    (case,) = await at_the_door(pool)
    await pool.execute("UPDATE deadlines SET level = 'breach', at = $1", FRIDAY - WEEK)
    assert await swept(pool, database, FRIDAY) == 1
    assert await fired(pool) == []
    row = await pool.fetchrow("SELECT level, at FROM deadlines WHERE root_id = $1", case.root)
    assert row is not None
    assert (row["level"], row["at"]) == ("two_hours", MONDAY - timedelta(hours=2))


async def test_one_clock_that_cannot_be_read_stops_nobody_else(
    pool: asyncpg.Pool, database: Database
) -> None:
    strange, sound = await at_the_door(pool, 2)
    await pool.execute("UPDATE tasks SET office = 'NOWHERE' WHERE root_id = $1", strange.root)
    await swept(pool, database, MONDAY + timedelta(seconds=1))
    assert await pool.fetchval("SELECT array_agg(DISTINCT root_id) FROM deadlines_fired") == [sound.root]


async def test_the_table_itself_allows_no_second_breach(pool: asyncpg.Pool, database: Database) -> None:
    await at_the_door(pool)
    await swept(pool, database, MONDAY + timedelta(seconds=1))
    with pytest.raises(asyncpg.UniqueViolationError, match="deadlines_one_breach"):
        await pool.execute(
            """INSERT INTO deadlines_fired
               SELECT root_id, about, scope, level, due_at + interval '1 day', at, fired_at, n, told, office,
                      office_short, step, overtaken FROM deadlines_fired WHERE level = 'breach'"""
        )


SWEEPER = """
import asyncio, sys
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from shared.messaging.sweep import sweep_once
from tests.builders.routing import catalogue

async def main(url, hold):
    pool = await create_pool(url, application="sweeper")
    known = CatalogueCache(catalogue())
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    async def due(tx, limit):
        found = await fire_timers(tx, limit, catalogue=known)
        if hold:
            print("holding", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
        return found
    print(await sweep_once(pool, due, limit=50), flush=True)
    await pool.close()

asyncio.run(main(sys.argv[1], sys.argv[2] == "hold"))
"""


async def sweeper(url: str, how: str = "run") -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    made = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SWEEPER, url, how, stdin=pipe, stdout=pipe
    )
    await says(made, "ready")
    return made


async def says(process: asyncio.subprocess.Process, word: str) -> None:
    """Read on until it has said so."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while (line := await process.stdout.readline()).decode().strip() != word:
            assert line, f"it ended without {word}"


def go_on(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n" * 1000)


async def test_three_sweepers_one_stopped_with_rows_in_hand_say_nothing_twice(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool, 300)
    await database.set_clock(MONDAY + timedelta(seconds=1))
    url = database.url("routing")
    stopped, *others = [await sweeper(url, "hold"), await sweeper(url), await sweeper(url)]
    assert stopped.stdin is not None
    stopped.stdin.write(b"\n")
    await says(stopped, "holding")
    os.kill(stopped.pid, signal.SIGSTOP)
    try:
        for other in others:
            go_on(other)
        for other in others:
            await asyncio.wait_for(other.wait(), 60)
        assert await pool.fetchval("SELECT count(*) FROM deadlines_fired WHERE level = 'breach'") == 250
    finally:
        os.kill(stopped.pid, signal.SIGCONT)
    go_on(stopped)
    await asyncio.wait_for(stopped.wait(), 60)
    assert await pool.fetchval("SELECT count(*) FROM deadlines_fired WHERE level = 'breach'") == 300
    assert len(await events(pool, "deadline.breached.v1")) == 300


async def test_two_batches_in_work_at_once_share_what_is_due_and_say_nothing_twice(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool, 90)
    await database.set_clock(MONDAY + timedelta(seconds=1))
    both_hold_theirs = asyncio.Barrier(2)
    batches: list[int] = []

    async def due(tx: Tx, limit: int) -> int:
        batches.append(found := await fire(tx, limit))
        if len(batches) in {2, 3}:
            await both_hold_theirs.wait()
        return found

    assert await sweep_once(pool, due, limit=30, at_once=2) == 90
    assert batches[:3] == [30, 30, 30]
    assert await fired(pool) == [("task", "two_hours", "holder")] * 90 + [("task", "breach", "operator")] * 90
    assert len(await events(pool, "deadline.breached.v1")) == 90
    async with transaction(pool) as tx:
        assert (await audit_chain.verify(tx)).is_intact


async def test_a_sweep_that_finds_less_than_a_batch_looks_once(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool, 3)
    await database.set_clock(MONDAY + timedelta(seconds=1))
    looks: list[int] = []

    async def due(tx: Tx, limit: int) -> int:
        looks.append(await fire(tx, limit))
        return looks[-1]

    assert [await sweep_once(pool, due, at_once=2) for _ in range(2)] == [3, 0]
    assert looks == [3, 0]


async def test_a_fault_in_one_batch_ends_the_sweep_and_the_next_one_says_the_rest(
    pool: asyncpg.Pool, database: Database
) -> None:
    await at_the_door(pool, 60)
    await database.set_clock(MONDAY + timedelta(seconds=1))
    batches: list[int] = []

    async def due(tx: Tx, limit: int) -> int:
        found = await fire(tx, limit)
        batches.append(found)
        if len(batches) == 2:
            raise ConnectionResetError("planted")
        return found

    with pytest.raises(ExceptionGroup, match="unhandled") as failed:
        await sweep_once(pool, due, limit=20, at_once=2)
    assert failed.group_contains(ConnectionResetError)

    async def all_said() -> bool:  # a batch that was cancelled lets its cases go a moment later
        await sweep_once(pool, fire, at_once=2)
        return await pool.fetchval("SELECT count(*) FROM deadlines_fired WHERE level = 'breach'") == 60

    await until(all_said)
    assert len(await events(pool, "deadline.breached.v1")) == 60


async def test_a_sweep_beside_answering_offices_waits_for_nobody(
    pool: asyncpg.Pool, database: Database
) -> None:
    taken, free = await at_the_door(pool, 2)
    await database.set_clock(MONDAY + timedelta(seconds=1))
    async with transaction(pool) as tx:
        await tx.execute("SELECT FROM cases WHERE root_id = $1 FOR UPDATE", taken.root)
        assert await sweep_once(pool, fire) == 1
        assert await pool.fetchval("SELECT array_agg(DISTINCT root_id) FROM deadlines_fired") == [free.root]

    async def all_said() -> bool:
        await sweep_once(pool, fire)
        return await pool.fetchval("SELECT count(*) FROM deadlines_fired WHERE level = 'breach'") == 2

    await until(all_said)


async def test_planted_two_sweeps_without_the_lock_are_caught_by_the_table(
    pool: asyncpg.Pool, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_the_door(pool)
    await database.set_clock(MONDAY + timedelta(seconds=1))

    both_have_looked = asyncio.Barrier(2)

    async def unlocked(tx: Tx, now: datetime, limit: int) -> list[UUID]:
        rows = await tx.fetch("SELECT root_id FROM deadlines WHERE at <= $1 LIMIT $2", now, limit)
        return [row["root_id"] for row in rows]

    async def read_together(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, Case]:
        known = await cases.read_cases(tx, roots)
        await both_have_looked.wait()
        return known

    monkeypatch.setattr("services.routing.store.deadlines.lock_due", unlocked)
    monkeypatch.setattr("services.routing.store.cases.lock_cases", read_together)
    both = [sweep_once(pool, fire), sweep_once(pool, fire)]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in found if not isinstance(one, int)] == [asyncpg.UniqueViolationError]


async def test_a_breach_and_its_letter_are_one_commit_and_cost_as_much_for_one_as_for_many(
    pool: asyncpg.Pool, database: Database
) -> None:
    async def cost(many: int) -> int:
        await database.set_clock(FRIDAY)
        await accepted(pool, [submitted_case("judicial-record-1") for _ in range(many)])
        await database.set_clock(DUE + timedelta(seconds=1))
        async with counted(pool) as (tx, made):
            await fire(tx, 1000)
        return len(made)

    assert await cost(1) == await cost(100)
    row = await pool.fetchrow(
        """SELECT count(*) AS letters, count(*) FILTER (WHERE t.state = 'queued') AS tasks
             FROM cases c LEFT JOIN tasks t ON t.task_id = (c.apology ->> 'ref')::uuid AND t.step = 'letter'
            WHERE c.apology IS NOT NULL"""
    )
    assert row is not None
    assert tuple(row) == (101, 101)
    assert len(await events(pool, "apology.drafted.v1")) == 101
    watched = "SELECT count(*) FROM deadlines d JOIN tasks t ON t.task_id = d.about WHERE t.step = 'letter'"
    assert await pool.fetchval(watched) == 101
    assert await swept(pool, database, DUE + timedelta(seconds=2)) == 0
