"""Routing's consumer without its relay: cases opened, planned, handed out; events stay in the outbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from services.routing.inbound.kafka import router
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.db.pool import create_pool
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import status
from shared.observability.logs import configure_logging
from shared.web.serve import freeze_gc
from tests.bench.catalogue import catalogue
from tests.bench.ours.without import switch_off
from tests.bench.program import Obey, obey
from tests.builders.wire import until


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`route` starts reading and answers once so many cases are open and all is read."""
    configure_logging("routing", "json")
    switch_off(said.get("without", ()))
    pool = await create_pool(said["database"], application="routing")
    current = CatalogueCache(catalogue(Path(said["catalogue"])))
    consumer = Broker(
        said["kafka"],
        pool=pool,
        service="routing",
        topic_prefix=said["prefix"],
        list_parties=partial(current.parties_with_topics, pool),
    )
    consumer.include_router(router, prefix=said["prefix"])
    consumer.context.set_global("catalogue", current)
    consumer_runs = False

    freeze_gc()

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        nonlocal consumer_runs
        consumer_runs = True
        await consumer.start()

        async def all_read() -> bool:
            cases = await pool.fetchval("SELECT count(*) FROM cases WHERE state <> 'submitted'")
            return cases >= order["count"] and not any((await status(pool, consumer)).lag.values())

        await until(all_read, seconds=120)
        return {"count": order["count"]}

    try:
        yield act
    finally:
        if consumer_runs:
            await consumer.stop()
        await pool.close()


if __name__ == "__main__":
    obey(main)
