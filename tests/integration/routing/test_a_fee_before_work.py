"""A fee before work in the tables: asked for once at acceptance, paid once, and the plan goes out."""

from collections.abc import Sequence
from dataclasses import replace

import asyncpg
import orjson
import pytest

from services.routing.domain.case.case import Case
from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.db.transaction import transaction
from shared.events import dossier
from shared.events.dossier import DossierPaid
from shared.events.envelope import NewEvent
from shared.messaging.record.batch import batch_of
from shared.security import audit_chain
from tests.builders.catalogue import with_a_fee_before_work
from tests.builders.routing import COUNTER, FRIDAY, accepted_event, submitted_case, submitted_event
from tests.builders.routing_batches import as_read, record, stored
from tests.databases import Database

pytestmark = pytest.mark.integration


async def hear(pool: asyncpg.Pool, events: Sequence[NewEvent]) -> None:
    pairs = [(as_read(event), record(str(event.id))) for event in events]
    batch, catalogue = batch_of(pairs), CatalogueCache(with_a_fee_before_work())
    async with transaction(pool) as tx:
        await apply_intake_events(tx, batch, await catalogue.unit_of_work(tx, batch.roots))


def paid(case: Case) -> NewEvent:
    data = DossierPaid(code=case.code, amount=100_000, paid_at=FRIDAY, receipt_ref="BL-1")
    return replace(submitted_event(case), type=dossier.PAID, data=data, actor=COUNTER)


async def published_events(pool: asyncpg.Pool, case: Case) -> list[tuple[str, str]]:
    rows = await pool.fetch(
        "SELECT value FROM outbox WHERE key = $1 AND topic = 'case.updates' ORDER BY position", str(case.root)
    )
    said = [orjson.loads(row["value"]) for row in rows]
    return [(one["because"], one["state"]) for one in said]


async def test_asked_for_at_acceptance_paid_once_and_then_the_plan_goes_out(database: Database) -> None:
    await database.set_clock(FRIDAY)
    pool = await database.pool("routing")
    case = replace(submitted_case("business-household"), channel="counter")
    came_in, form_01, money = submitted_event(case), accepted_event(case), paid(case)
    await hear(pool, [came_in, form_01])
    await hear(pool, [form_01])
    (owing,) = await stored(pool, [case])
    assert (owing.state, owing.current_task and owing.current_task.step) == ("payment_requested", "receive")
    for _ in range(2):
        await hear(pool, [money])
    (begun,) = await stored(pool, [case])
    assert (begun.state, begun.current_task and begun.current_task.step) == ("in_process", "review")
    assert await published_events(pool, case) == [
        ("dossier.submitted.v1", "submitted"),
        ("dossier.accepted.v1", "accepted"),
        ("dossier.payment_requested.v1", "payment_requested"),
        ("dossier.paid.v1", "in_process"),
        ("dossier.paid.v1", "in_process"),
    ]
    async with transaction(pool) as tx:
        assert (await audit_chain.verify(tx)).lines == 5
