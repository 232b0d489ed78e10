"""Composition root of routing: builds pool, catalogue, broker, relay, loops and the HTTP application."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from fastapi import FastAPI

import shared.messaging
from services.routing.config import RoutingSettings
from services.routing.inbound.acts.api import act_routes
from services.routing.inbound.api.calendar import calendar_routes
from services.routing.inbound.api.case_kinds import case_kind_routes
from services.routing.inbound.api.catalogue import catalogue_routes
from services.routing.inbound.api.gaming_report import gaming_report_routes
from services.routing.inbound.api.tasks import case_routes, task_routes, time_routes
from services.routing.inbound.kafka import router
from services.routing.inbound.pages.board import board_pages
from services.routing.inbound.pages.desk import desk_pages
from services.routing.inbound.pages.history import history_pages
from services.routing.store import catalogue as catalogue_store
from services.routing.usecases.act_batcher import create_batcher
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import BATCHES_AT_ONCE, fire_timers
from services.routing.usecases.place_unplaced import place_next_batch
from services.routing.usecases.publish_catalogue import merged_items, publish_release
from services.routing.usecases.recount_dates import recount_next_batch
from shared.catalogue import Catalogue
from shared.catalogue.loading.load import load_folder
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.publish.relay import Relay
from shared.messaging.record.positions import prune_inbox
from shared.messaging.recovery.restore_guard import RestoreGuard
from shared.messaging.recovery.topic_audit import TopicAudit
from shared.messaging.sweep import sweep
from shared.observability.logs import configure_logging, get_logger
from shared.security.api_keys import ApiKeys
from shared.web.app import create_app
from shared.web.operations.held_pages import held_pages
from shared.web.operations.operations import operations_routes
from shared.web.pages.front_redirect import front_redirect
from shared.web.serve import serve
from shared.words.product import PRODUCT

log = get_logger(__name__)
PACKAGE = Path(__file__).parent
STREAMS = (
    ("messaging", Path(shared.messaging.__file__).parent / "migrations"),
    ("routing", PACKAGE / "migrations"),
)

PRUNE_BATCH, PRUNE_EVERY_SECONDS = 1000, 3600.0
"""Ids of replies deleted in one transaction, and how often old ones are looked for."""
RECOUNT_BATCH = 500
"""Cases in one transaction of a recount: more are faster, but keep other work waiting for their locks."""

Items = Mapping[str, Mapping[str, Any]]


async def run(settings: RoutingSettings) -> None:
    """Run the service until it is told to stop."""
    configure_logging("routing", settings.log)
    async with running(settings) as app:
        await serve(app, settings.http_host, settings.http_port)


@asynccontextmanager
async def running(settings: RoutingSettings) -> AsyncIterator[FastAPI]:
    """Run everything but the HTTP server: migrations, catalogue, broker, relay and loops."""
    url = settings.database_url.get_secret_value()
    pool = await create_pool(url, application="routing")
    await migrate(pool, STREAMS)
    items = await asyncio.to_thread(load_folder, settings.catalogue_dir)
    catalogue = CatalogueCache(await _catalogue_in_force(pool, items))
    broker = build_broker(settings, pool, catalogue)
    relay = Relay(pool, settings.kafka, url=url, source="routing", topic_prefix=settings.topic_prefix)
    guard = RestoreGuard(TopicAudit(pool, settings.kafka, "routing", settings.topic_prefix))
    publish = partial(_publish, pool, items)
    recount = partial(
        sweep, pool, "recount", partial(recount_next_batch, catalogue=catalogue), limit=RECOUNT_BATCH
    )
    place = partial(
        sweep, pool, "unplaced", partial(place_next_batch, catalogue=catalogue), limit=RECOUNT_BATCH
    )
    timers = partial(_sweep_deadlines, pool, catalogue, broker, settings.first_sweep_seconds)
    prune = partial(sweep, pool, "inbox", prune_inbox, every_seconds=PRUNE_EVERY_SECONDS, limit=PRUNE_BATCH)
    work = (relay.run, broker.start, recount, place, timers, prune)
    loops = [asyncio.create_task(guard.run_when_open(*work, first=publish))]
    try:
        yield create_routing_app(settings, pool, broker=broker, catalogue=catalogue, guard=guard)
    finally:
        await broker.stop()
        for loop in loops:
            loop.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*loops, return_exceptions=True)
        await pool.close()


def build_broker(settings: RoutingSettings, pool: asyncpg.Pool, catalogue: CatalogueCache) -> Broker:
    """Create the broker with all subscribers of routing, not started."""
    broker = Broker(
        settings.kafka,
        pool=pool,
        service="routing",
        instance=settings.instance,
        topic_prefix=settings.topic_prefix,
        thresholds=StallThresholds(complain=settings.stuck_seconds),
        list_parties=partial(catalogue.parties_with_topics, pool),
    )
    broker.include_router(router, prefix=settings.topic_prefix)
    broker.context.set_global("catalogue", catalogue)
    return broker


async def _sweep_deadlines(
    pool: asyncpg.Pool, catalogue: CatalogueCache, broker: Broker, hold: float
) -> None:
    """Read the backlog of the topics first, so that no deadline fires that a waiting reply has met."""
    if not await broker.drain_backlog(hold):
        log.warning("deadlines.hold_expired", seconds=hold)
    await sweep(pool, "deadlines", partial(fire_timers, catalogue=catalogue), at_once=BATCHES_AT_ONCE)


async def _catalogue_in_force(pool: asyncpg.Pool, items: Items) -> Catalogue:
    """The catalogue as it will be once these items are published."""
    async with transaction(pool) as tx:
        heads = {head.item: head for head in await catalogue_store.list_heads(tx)}
        return Catalogue.from_items(merged_items(await catalogue_store.read_items(tx), heads, items))


async def _publish(pool: asyncpg.Pool, items: Items) -> None:
    """Publish changed items of the release's folder."""
    async with transaction(pool) as tx:
        await publish_release(tx, items)


def create_routing_app(
    settings: RoutingSettings,
    pool: asyncpg.Pool,
    broker: Broker,
    catalogue: CatalogueCache,
    guard: RestoreGuard | None = None,
) -> FastAPI:
    """Create the HTTP application. It answers 503 until the guard, if any, opens."""
    keys = ApiKeys.load(settings.credentials) if settings.credentials else ApiKeys([])

    async def consumers() -> str | None:
        return "; ".join(broker.readiness_problems()) or None

    async def parties() -> str | None:
        return "; ".join(broker.unread_parties()) or None

    async def database() -> str | None:
        return None if await pool.fetchval("SELECT true") else "no answer"

    app = create_app(
        settings,
        pool,
        keys.identify,
        templates=PACKAGE / "templates",
        ready={"database": database, "consumers": consumers} | ({"level": guard.check} if guard else {}),
        notes={"parties": parties},
        closed=lambda: guard.closed if guard else None,
        title=f"{PRODUCT}: routing",
    )
    batcher = create_batcher(pool, catalogue)

    def latest() -> Catalogue:
        return catalogue.cached

    app.include_router(front_redirect(settings))
    app.include_router(time_routes(pool))
    app.include_router(task_routes(pool, batcher))
    app.include_router(act_routes(batcher))
    app.include_router(case_routes(pool, latest))
    app.include_router(case_kind_routes(batcher))
    app.include_router(gaming_report_routes(pool, latest))
    app.include_router(catalogue_routes(pool))
    app.include_router(calendar_routes(pool))
    app.include_router(operations_routes(pool, broker))
    app.include_router(desk_pages(pool, batcher, latest))
    app.include_router(board_pages(pool, broker, latest))
    app.include_router(history_pages(pool, latest))
    app.include_router(held_pages(pool, broker))
    return app
