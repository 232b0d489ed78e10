"""Children as rows: kept with their root, in as many statements for forty families as for one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import asyncpg
import pytest

from deploy.demo.city_day.closing_check.children import children_are_their_roots_steps
from services.routing.domain.case.case import Case, FiledPaper
from services.routing.domain.case.task import TaskState
from services.routing.store import cases
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import fire_timers
from shared.db.transaction import transaction
from shared.events.agency_replies import AgencyReply
from shared.messaging.sweep import sweep_once
from tests.builders.routing import FRIDAY, accepted_event, catalogue, submitted_case, submitted_event, task_of
from tests.builders.routing_batches import accepted, answer, counted, follow, reply_of, stored
from tests.builders.routing_outbox import updates_sent
from tests.databases import Database

pytestmark = pytest.mark.integration
COUPLE = {"married": True, "labour_contract": True}
STEPS = ("lookup", "archive-check", "sign")


@pytest.fixture
async def pool(database: Database, pool_for: Callable[[str], Awaitable[asyncpg.Pool]]) -> asyncpg.Pool:
    await database.set_clock(FRIDAY)
    return await pool_for("routing")


def couple(*papers: FiledPaper) -> Case:
    return submitted_case("social-housing-purchase", facts=COUPLE, papers=papers)


def reply(case: Case, child: int, step: str, outcome: str | None = None) -> AgencyReply:
    """What the registry says of a step of this child, keyed by the root."""
    said = {"outcome": outcome} if outcome else {}
    if outcome == "denied":
        said["reason"] = "còn một căn nhà khác"
    return reply_of(case.children[child], step, **said)


async def finish_child(pool: asyncpg.Pool, case: Case, child: int, outcome: str | None = None) -> Case:
    """The case once this child's offices have finished; the last word is as given."""
    for step in STEPS:
        last = outcome if step == STEPS[-1] else None
        async with transaction(pool) as tx:
            await answer(tx, [reply(case, child, step, last)])
        (case,) = await stored(pool, [case])
    return case


async def test_forty_families_cost_as_many_statements_as_one(pool: asyncpg.Pool) -> None:
    costs = list[int]()
    for many in (1, 40):
        handed_in = [couple() for _ in range(many)]
        async with transaction(pool) as tx:
            await follow(tx, map(submitted_event, handed_in))
        async with counted(pool) as (tx, made):
            await follow(tx, map(accepted_event, handed_in))
        known = await stored(pool, handed_in)
        assert {len(case.children) for case in known} == {2}
        async with counted(pool) as (tx, answered):
            await answer(tx, [reply(case, 0, "lookup") for case in known])
        costs += [len(made), len(answered)]
    assert costs[:2] == costs[2:]


async def test_a_family_reads_back_as_it_was_written(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU03"))])
    async with transaction(pool) as tx:
        await cases.update(tx, [case])
    (again,) = await stored(pool, [case])

    assert again == case
    assert [(one.does, one.code, len(one.tasks)) for one in again.children] == [
        ("mau02-spouse", f"{case.code}.1", 3)
    ]
    assert again.papers == (FiledPaper("MAU03"),)


async def test_two_children_that_end_at_one_moment_both_count(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple()])
    for child in (0, 1):
        for step in STEPS[:-1]:
            async with transaction(pool) as tx:
                await answer(tx, [reply(case, child, step)])
            (case,) = await stored(pool, [case])

    async def ends(child: int) -> None:
        async with transaction(pool) as tx:
            await answer(tx, [reply(case, child, "sign")])

    await asyncio.gather(ends(0), ends(1))
    (after,) = await stored(pool, [case])
    assert [one.outcome for one in after.children] == ["granted", "granted"]
    assert task_of(after, "file").state is TaskState.QUEUED


async def test_the_same_answer_again_ends_nothing_twice(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU02"))])
    ended = await finish_child(pool, case, 0)
    async with transaction(pool) as tx:
        await answer(tx, [reply(ended, 0, "sign")])

    assert (await stored(pool, [case])) == [ended]
    assert [one.type for one in await updates_sent(pool)].count("child.completed.v1") == 1


async def test_a_childs_clock_speaks_for_the_child_and_is_kept_apart_from_its_roots(
    pool: asyncpg.Pool, database: Database
) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU02"))])
    due = case.children[0].current_due_at
    assert due is not None
    await database.set_clock(due + timedelta(days=20))
    await sweep_once(pool, partial(fire_timers, catalogue=CatalogueCache(catalogue())))
    await sweep_once(pool, partial(fire_timers, catalogue=CatalogueCache(catalogue())))
    (late,) = await stored(pool, [case])

    said = [alarm.key for one in late.family for alarm in one.alarms]
    assert len(said) == len(set(said))
    child = late.children[0]
    assert {alarm.about for alarm in child.alarms} <= {child.id, *(task.id for task in child.tasks)}
    assert not {alarm.about for alarm in late.alarms} & {alarm.about for alarm in child.alarms}
    assert child.alarms


async def check(pool: asyncpg.Pool, without: str = "") -> list[str]:
    told = [one for one in await updates_sent(pool) if one.type != without]
    async with pool.acquire() as conn:
        return (await children_are_their_roots_steps(conn, told)).contradictions


async def test_the_closing_check_holds_for_children_granted_denied_and_in_hand(pool: asyncpg.Pool) -> None:
    families = await accepted(pool, [couple(), couple(FiledPaper("MAU02"))])
    await finish_child(pool, families[0], 0)
    await finish_child(pool, families[1], 0, outcome="denied")

    assert await check(pool) == []


async def test_planted_a_child_nobody_was_told_of_is_named(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU02"))])

    assert await check(pool, without="child.opened.v1") == [
        f"{case.code}.1: child.opened.v1 was told 0 times instead of 1"
    ]


async def test_planted_an_open_child_of_a_root_that_ended_is_named(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU02"))])
    await pool.execute("UPDATE cases SET state = 'stopped'")

    assert await check(pool) == [f"{case.code}.1: in hand, and its root {case.code} is stopped"]


async def test_planted_a_step_that_contradicts_its_child_is_named(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [couple(FiledPaper("MAU02"))])
    await pool.execute("UPDATE tasks SET state = 'closed' WHERE child IS NOT NULL")

    assert await check(pool) == [f"{case.code}.1: in_process, and its root's step is closed"]
