"""Composition root: settings → pools → keys → broker, relay, pages; nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from fastapi import FastAPI

import shared.messaging
from services.intake.config import IntakeSettings
from services.intake.inbound.api.counter import counter_routes
from services.intake.inbound.api.docs_page import docs_page
from services.intake.inbound.api.public import filing_routes, procedure_routes, tracking_routes
from services.intake.inbound.api.requests import request_routes
from services.intake.inbound.batcher import create_batcher
from services.intake.inbound.kafka import router
from services.intake.inbound.lookup_limits import LookupRateLimits, install_rate_limit_handler
from services.intake.inbound.pages.all_pages import page_routes
from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.keys import IntakeKeys
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.publish.relay import Relay
from shared.messaging.recovery.restore_guard import RestoreGuard
from shared.messaging.recovery.topic_audit import TopicAudit
from shared.observability.logs import configure_logging
from shared.security import keyring
from shared.security.api_keys import ApiKeys
from shared.security.keyring import Keyring
from shared.web.answers.health import Check
from shared.web.app import create_app
from shared.web.operations.held_pages import held_pages
from shared.web.operations.operations import operations_routes
from shared.web.serve import serve
from shared.words.product import PRODUCT

HERE = Path(__file__).parent
STREAMS = (
    ("messaging", Path(shared.messaging.__file__).parent / "migrations"),
    ("intake", HERE / "migrations"),
)


async def run(settings: IntakeSettings) -> None:
    """The whole service, until it is asked to stop."""
    configure_logging("intake", settings.log)
    async with running(settings) as app:
        await serve(app, settings.http_host, settings.http_port)


@asynccontextmanager
async def running(settings: IntakeSettings) -> AsyncIterator[FastAPI]:
    """Everything but the HTTP server: migrated, consuming, relaying."""
    url = settings.database_url.get_secret_value()
    pool = await create_pool(url, application="intake")
    keys_pool = await create_pool(settings.keyring_url.get_secret_value(), min_size=1, max_size=4)
    await migrate(pool, STREAMS)
    await migrate(keys_pool, (("keyring", keyring.MIGRATIONS),))
    master = settings.master_key_bytes
    catalogue_replica = CatalogueReplica(pool)
    await catalogue_replica.load()
    context = IntakeContext(pool, Keyring(keys_pool, master), IntakeKeys.derive(master), catalogue_replica)
    broker = build_broker(settings, pool, catalogue_replica)
    relay = Relay(pool, settings.kafka, url=url, source="intake", topic_prefix=settings.topic_prefix)
    guard = RestoreGuard(TopicAudit(pool, settings.kafka, "intake", settings.topic_prefix))
    loops = [asyncio.create_task(guard.run_when_open(relay.run, broker.start))]
    try:
        yield create_intake_app(settings, context, broker, guard)
    finally:
        await broker.stop()
        for loop in loops:
            loop.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*loops, return_exceptions=True)
        await asyncio.gather(pool.close(), keys_pool.close())


def build_broker(settings: IntakeSettings, pool: asyncpg.Pool, catalogue: CatalogueReplica) -> Broker:
    """Everything intake reads, not started."""
    broker = Broker(
        settings.kafka,
        pool=pool,
        service="intake",
        topic_prefix=settings.topic_prefix,
        thresholds=StallThresholds(complain=settings.stuck_seconds),
    )
    broker.include_router(router, prefix=settings.topic_prefix)
    broker.context.set_global("catalogue", catalogue)
    return broker


def create_intake_app(
    settings: IntakeSettings, context: IntakeContext, broker: Broker, guard: RestoreGuard | None = None
) -> FastAPI:
    """The door over HTTP: pages, machines, operators. With a guard it stays closed until that opens."""
    app = create_app(
        settings,
        context.pool,
        (ApiKeys.load(settings.credentials) if settings.credentials else ApiKeys([])).identify,
        templates=HERE / "templates",
        ready=_readiness_checks(context.pool, context.catalogue, broker)
        | ({"level": guard.check} if guard else {}),
        closed=lambda: guard.closed if guard else None,
        title=f"{PRODUCT}: intake",
    )
    install_rate_limit_handler(app)
    batcher, limits = create_batcher(context), LookupRateLimits()
    app.router.routes[:0] = filing_routes(batcher, settings.own_url).routes  # the hottest is found soonest
    app.include_router(procedure_routes(context))
    app.include_router(tracking_routes(context, limits))
    app.include_router(counter_routes(batcher))
    app.include_router(request_routes(context, limits))
    app.include_router(operations_routes(context.pool, broker))
    app.include_router(docs_page(app))
    app.include_router(held_pages(context.pool, broker))
    app.include_router(page_routes(batcher, limits, settings))
    return app


def _readiness_checks(
    pool: asyncpg.Pool, catalogue_replica: CatalogueReplica, broker: Broker
) -> dict[str, Check]:
    async def database() -> str | None:
        return None if await pool.fetchval("SELECT true") else "no answer"

    async def catalogue() -> str | None:
        return None if catalogue_replica.is_loaded else "not published yet"

    async def consumers() -> str | None:
        return "; ".join(broker.readiness_problems()) or None

    return {"database": database, "catalogue": catalogue, "consumers": consumers}
