"""Composition root of intake: what it adds to the parts that all services share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

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
from shared.messaging.consume.broker import Broker
from shared.service.app import ServiceApp, create_broker
from shared.service.databases import open_keyring, open_pool

FOLDER = Path(__file__).parent


@asynccontextmanager
async def running(settings: IntakeSettings) -> AsyncIterator[FastAPI]:
    """Run everything but the HTTP server."""
    async with open_pool(settings, FOLDER) as pool, open_keyring(settings) as keyring:
        catalogue = CatalogueReplica(pool)
        await catalogue.load()
        keys = IntakeKeys.derive(settings.master_key_bytes)
        context = IntakeContext(
            pool=pool,
            keyring=keyring,
            keys=keys,
            catalogue=catalogue,
            foreign_phones=settings.foreign_phones,
            limits=settings.filing_limits,
        )
        broker = create_broker(settings, pool, router, context={"catalogue": catalogue})
        async with create_service(settings, context, broker).running() as app:
            yield app


def create_service(settings: IntakeSettings, context: IntakeContext, broker: Broker) -> ServiceApp:
    """Compose the service; nothing is started."""
    batcher, limits = create_batcher(context), LookupRateLimits()
    service = ServiceApp(
        settings,
        context.pool,
        broker,
        folder=FOLDER,
        checks={"catalogue": context.catalogue.unavailable_reason},
        list_counters=lambda: context.catalogue.current.counters,
        routes=(
            filing_routes(batcher, settings.own_url),  # the most frequent request is matched first
            procedure_routes(context),
            tracking_routes(context, limits),
            counter_routes(batcher),
            request_routes(context, limits),
            docs_page(),
            page_routes(batcher, limits, settings),
        ),
    )
    install_rate_limit_handler(service.http)
    return service
