"""Composition root of notification: what it adds to the parts that all services share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
from fastapi import FastAPI

from services.notification.config import NotificationSettings
from services.notification.domain.email import EmailTemplates
from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.http_api import message_routes
from services.notification.inbound.kafka import router
from services.notification.inbound.message_pages import message_pages
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.outbound.carriers import CarrierParts, build_carriers
from services.notification.store.leases import SenderLease
from services.notification.usecases.dialect_cache import DialectCache
from services.notification.usecases.receipt_health import receipt_complaint
from services.notification.usecases.render_messages import RenderContext
from services.notification.usecases.template_cache import TemplateCache
from shared.messaging.consume.broker import Broker
from shared.service.app import ServiceApp, create_broker
from shared.service.databases import open_keyring, open_pool

FOLDER = Path(__file__).parent


@asynccontextmanager
async def running(settings: NotificationSettings) -> AsyncIterator[FastAPI]:
    """Run everything but the HTTP server."""
    sender, letters = settings.sender, EmailTemplates(FOLDER / "templates" / "mail")
    async with open_pool(settings, FOLDER) as pool, open_keyring(settings) as keyring:
        context = RenderContext(keyring, TemplateCache(sender), letters, settings.channels)
        async with open_worker(settings, pool, context) as worker:
            kafka = {"templates": context.templates, "wake_worker": worker.notices.set}
            broker = create_broker(settings, pool, router, context=kafka)
            async with create_service(settings, pool, broker, context, worker=worker).running() as app:
                yield app


def create_service(
    settings: NotificationSettings,
    pool: asyncpg.Pool,
    broker: Broker,
    context: RenderContext,
    *,
    worker: DeliveryWorker,
) -> ServiceApp:
    """Compose the service; nothing is started."""
    return ServiceApp(
        settings,
        pool,
        broker,
        folder=FOLDER,
        first=worker.start,
        checks={
            "words": partial(context.templates.unavailable_reason, pool),
            "post": worker.failure_reason,
            "carrier": partial(worker.carrier_problem, pool),
        },
        notes={"receipts": partial(receipt_complaint, pool)},
        routes=(
            message_routes(pool, context.keyring),
            message_pages(pool, context.keyring, settings.channels),
        ),
    )


@asynccontextmanager
async def open_worker(
    settings: NotificationSettings, pool: asyncpg.Pool, context: RenderContext
) -> AsyncIterator[DeliveryWorker]:
    """The worker with its carriers, not started; at the end it stops, and its carriers with it."""
    receipts, dialects = ReceiptIntake(settings.smpp_carrier), DialectCache(settings.smpp_carrier)
    carriers = build_carriers(CarrierParts(settings, receipts.add, lambda: dialects.current))
    worker = DeliveryWorker(
        pool,
        context,
        carriers,
        lease=SenderLease(settings.database_url.get_secret_value()),
        receipts=receipts,
        dialects=dialects,
    )
    try:
        yield worker
    finally:
        await worker.stop()
