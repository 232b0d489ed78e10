"""Dossiers of a dissolved ward in the tables: accepted all the same, and on once its office is published."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.store import cases
from services.routing.store import catalogue as catalogue_store
from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.place_unplaced import place_next_batch
from services.routing.usecases.publish_catalogue import publish_upload
from shared.catalogue import Catalogue
from shared.clock import CITY_TZ
from shared.db.transaction import city_now, transaction
from shared.events import dossier
from shared.events.dossier import WithdrawalCancelled, WithdrawalRequested
from shared.events.envelope import NewEvent
from shared.messaging.record.batch import batch_of
from shared.security import audit_chain
from tests.builders.catalogue import DISSOLVED, items, items_without_the_ward
from tests.builders.routing import FRIDAY, OPERATOR, accepted_event, submitted_case, submitted_event
from tests.builders.routing_batches import as_read, counted, record, stored
from tests.databases import Database

pytestmark = pytest.mark.integration


class City:
    """Routing's tables, and the catalogue by which it decides."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.catalogue = CatalogueCache(Catalogue.from_items(items()))

    async def publishes(self, offered: Mapping[str, Mapping[str, Any]]) -> None:
        async with transaction(self.pool) as tx:
            await publish_upload(tx, offered, OPERATOR)

    async def hears(self, events: Sequence[NewEvent]) -> None:
        pairs = [(as_read(event), record(str(event.id))) for event in events]
        async with transaction(self.pool) as tx:
            batch = batch_of(pairs)
            await apply_intake_events(tx, batch, await self.catalogue.unit_of_work(tx, batch.roots))

    async def looks(self, limit: int = 500) -> int:
        async with transaction(self.pool) as tx:
            return await place_next_batch(tx, limit, catalogue=self.catalogue)

    async def published_events(self, case: Case) -> list[tuple[str, str]]:
        rows = await self.pool.fetch(
            "SELECT value FROM outbox WHERE key = $1 AND topic = 'case.updates' ORDER BY position",
            str(case.root),
        )
        said = [orjson.loads(row["value"]) for row in rows]
        return [(one["because"], one["state"]) for one in said]


@pytest.fixture
async def city(database: Database) -> City:
    await database.set_clock(FRIDAY)
    return City(await database.pool("routing"))


def file_case() -> Case:
    case = submitted_case("building-permit-house", facts={"floors": 2, "area_m2": 80})
    return replace(case, place={**case.place, "parcel": DISSOLVED})


async def waiting(city: City, count: int = 1) -> list[Case]:
    """Filed while the ward was there, accepted when it was not."""
    await city.publishes(items())
    cases = [file_case() for _ in range(count)]
    await city.hears([submitted_event(case) for case in cases])
    await city.publishes(items_without_the_ward())
    await city.hears([accepted_event(case) for case in cases])
    return cases


def request_event(case: Case, what: str) -> NewEvent:
    data = (
        WithdrawalRequested(code=case.code, asked_at=FRIDAY, by="self")
        if what == dossier.WITHDRAWAL_REQUESTED
        else WithdrawalCancelled(code=case.code, cancelled_at=FRIDAY, by="self")
    )
    return replace(submitted_event(case), type=what, data=data)


async def test_accepted_it_waits_and_published_it_goes_on_once(city: City) -> None:
    (case,) = await waiting(city)
    (rests,) = await stored(city.pool, [case])
    assert (rests.state, rests.unplaced and rests.unplaced.value) == ("accepted", DISSOLVED)
    assert (rests.current_task and rests.current_task.step) == "receive"
    assert [await city.looks() for _ in range(2)] == [1, 0]
    await city.publishes(items())
    assert [await city.looks() for _ in range(2)] == [1, 0]
    (begun,) = await stored(city.pool, [case])
    assert (begun.state, begun.unplaced) == ("in_process", None)
    assert await city.published_events(case) == [
        ("dossier.submitted.v1", "submitted"),
        ("dossier.accepted.v1", "accepted"),
        ("organisation.version_published.v1", "in_process"),
    ]
    async with transaction(city.pool) as tx:
        assert (await audit_chain.verify(tx)).lines == 6


async def test_after_a_restart_that_missed_the_publication_they_are_looked_at(city: City) -> None:
    (case,) = await waiting(city)
    await city.looks()
    await city.publishes(items())
    restarted = City(city.pool)
    assert await restarted.looks() == 1
    (begun,) = await stored(city.pool, [case])
    assert begun.state == "in_process"


async def test_they_are_looked_at_in_batches(city: City) -> None:
    cases = await waiting(city, 5)
    await city.looks()
    await city.publishes(items())
    assert [await city.looks(2) for _ in range(4)] == [2, 2, 1, 0]
    assert {case.state for case in await stored(city.pool, cases)} == {"in_process"}


async def test_statements_do_not_grow_with_what_waits(city: City) -> None:
    made: list[int] = []
    for count in (1, 20):
        await waiting(city, count)
        await city.looks()
        await city.publishes(items())
        async with counted(city.pool) as (tx, statements):
            assert await place_next_batch(tx, 500, catalogue=city.catalogue) == count
        made.append(len(statements))
    assert made[0] == made[1]


async def test_where_nothing_waits_a_look_is_one_statement_that_reads_no_catalogue(city: City) -> None:
    await city.publishes(items())
    async with counted(city.pool) as (tx, statements):
        assert await place_next_batch(tx, 500, catalogue=city.catalogue) == 0
    (look,) = (one for one in statements if "seeks_an_office" in one)
    assert not [one for one in statements if "content" in one]
    async with transaction(city.pool) as tx:
        plan = await tx.fetch(f"EXPLAIN (ANALYZE, COSTS OFF) {look.replace('$1', '500')}")
    lines = [row[0] for row in plan]
    assert any("catalogue_items" in line and "never executed" in line for line in lines), lines


async def test_what_was_kept_by_an_old_catalogue_after_the_look_is_looked_at_again(city: City) -> None:
    """Cancelled by a process that had read the catalogue just before it was published."""
    (case,) = await waiting(city)
    await city.hears([request_event(case, dossier.WITHDRAWAL_REQUESTED)])
    stale = await _as_stored(city)
    await city.publishes(items())
    assert await city.looks() == 1
    pairs = [(as_read(request_event(case, dossier.WITHDRAWAL_CANCELLED)), record("kept"))]
    async with transaction(city.pool) as tx:
        batch = batch_of(pairs)
        book = CaseUnitOfWork(await cases.lock_cases(tx, batch.roots), Rules(stale, await city_now(tx)))
        await apply_intake_events(tx, batch, book)
    (rests,) = await stored(city.pool, [case])
    assert rests.state == "accepted"
    assert await city.looks() == 1
    (begun,) = await stored(city.pool, [case])
    assert begun.state == "in_process"


async def _as_stored(city: City) -> Catalogue:
    async with transaction(city.pool) as tx:
        return Catalogue.from_items(await catalogue_store.read_items(tx))


async def test_withdrawn_meanwhile_it_is_left_alone_and_kept_it_goes_on(city: City) -> None:
    (case,) = await waiting(city)
    await city.hears([request_event(case, dossier.WITHDRAWAL_REQUESTED)])
    await city.publishes(items())
    await city.looks()
    (undecided,) = await stored(city.pool, [case])
    assert undecided.state == "withdrawal_requested"
    await city.hears([request_event(case, dossier.WITHDRAWAL_CANCELLED)])
    (begun,) = await stored(city.pool, [case])
    assert begun.state == "in_process"


async def test_the_case_the_catalogue_and_the_time_of_a_decision_are_one_question(city: City) -> None:
    async with transaction(city.pool) as tx:
        await city.catalogue.current(tx)
    async with counted(city.pool) as (tx, statements):
        book = await city.catalogue.unit_of_work(tx, [uuid4()])
    assert book.rules.catalogue is city.catalogue.latest()
    assert book.rules.now.utcoffset() == CITY_TZ.utcoffset(None)
    assert len(statements) == 1
