"""Composition root of routing: what it adds to the parts that all services share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
from fastapi import FastAPI

from services.routing.config import RoutingSettings
from services.routing.inbound.acts.api import act_routes
from services.routing.inbound.api.calendar import calendar_routes
from services.routing.inbound.api.case_kinds import case_kind_routes
from services.routing.inbound.api.catalogue import catalogue_routes
from services.routing.inbound.api.gaming_report import gaming_report_routes
from services.routing.inbound.api.tasks import case_routes, task_routes, time_routes
from services.routing.inbound.background_tasks import background_tasks
from services.routing.inbound.kafka import router
from services.routing.inbound.pages.board import board_pages
from services.routing.inbound.pages.desk import desk_pages
from services.routing.inbound.pages.history import history_pages
from services.routing.outbound.catalogue_copies import CatalogueCopies
from services.routing.usecases.act_batcher import create_batcher
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.publish_catalogue import catalogue_in_force, publish_at_start
from shared.catalogue.loading.load import load_folder
from shared.messaging.consume.broker import Broker
from shared.messaging.recovery.restore_guard import Step
from shared.service.app import ServiceApp, create_broker
from shared.service.databases import open_pool

FOLDER = Path(__file__).parent


@asynccontextmanager
async def running(settings: RoutingSettings) -> AsyncIterator[FastAPI]:
    """Run everything but the HTTP server."""
    async with open_pool(settings, FOLDER) as pool:
        items = await asyncio.to_thread(load_folder, settings.catalogue_dir)
        catalogue = CatalogueCache(await catalogue_in_force(pool, items))
        parties = partial(catalogue.parties_with_topics, pool)
        broker = create_broker(settings, pool, router, context={"catalogue": catalogue}, list_parties=parties)
        publish = partial(publish_at_start, pool, items)
        async with create_service(settings, pool, broker, catalogue, first=publish).running() as app:
            yield app


def create_service(
    settings: RoutingSettings,
    pool: asyncpg.Pool,
    broker: Broker,
    catalogue: CatalogueCache,
    *,
    first: Step | None = None,
) -> ServiceApp:
    """Compose the service; nothing is started."""
    others = {"intake": settings.intake_url, "notification": settings.notification_url}
    copies = CatalogueCopies(pool, others)
    batcher, latest = create_batcher(pool, catalogue), catalogue.latest
    return ServiceApp(
        settings,
        pool,
        broker,
        folder=FOLDER,
        first=first,
        background_tasks=background_tasks(settings, pool, broker, catalogue),
        parties=[party.name for party in latest().parties() if party.has_topics],
        list_counters=lambda: latest().counters,
        routes=(
            time_routes(pool),
            task_routes(pool, batcher, latest),
            act_routes(batcher),
            case_routes(pool, latest),
            case_kind_routes(batcher),
            gaming_report_routes(pool, latest),
            catalogue_routes(pool),
            calendar_routes(pool),
            desk_pages(pool, batcher, latest),
            board_pages(pool, broker, latest, copies),
            history_pages(pool, latest),
        ),
    )
