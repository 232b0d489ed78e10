"""Composition root: settings → pools → broker, relay, carriers, pages; nothing else."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from fastapi import FastAPI

import shared.messaging
from services.notification.config import NotificationSettings
from services.notification.domain.email import EmailTemplates
from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.http_api import message_routes
from services.notification.inbound.kafka import router
from services.notification.inbound.message_pages import message_pages
from services.notification.inbound.receipts import ReceiptBuffer
from services.notification.outbound.carriers import build_carriers
from services.notification.store.leases import SenderLease
from services.notification.usecases.render_messages import RenderContext
from services.notification.usecases.template_cache import TemplateCache
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.db.transaction import AfterCommit
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.publish.relay import Relay
from shared.messaging.recovery.restore_guard import RestoreGuard
from shared.messaging.recovery.topic_audit import TopicAudit
from shared.observability.logs import configure_logging
from shared.security.api_keys import ApiKeys
from shared.security.keyring import Keyring
from shared.web.app import create_app
from shared.web.operations.held_pages import held_pages
from shared.web.operations.operations import operations_routes
from shared.web.pages.front_redirect import front_redirect
from shared.web.serve import serve
from shared.words.product import PRODUCT

STREAMS = (
    ("messaging", Path(shared.messaging.__file__).parent / "migrations"),
    ("notification", Path(__file__).parent / "migrations"),
)


@dataclass(frozen=True, slots=True)
class NotificationService:
    """The running parts of the service."""

    pool: asyncpg.Pool
    keyring: Keyring
    broker: Broker
    templates: TemplateCache
    worker: DeliveryWorker
    guard: RestoreGuard | None = None


async def run(settings: NotificationSettings) -> None:
    """The whole service, until it is asked to stop."""
    configure_logging("notification", settings.log)
    async with running(settings) as service:
        await serve(create_web_app(settings, service), settings.http_host, settings.http_port)


@asynccontextmanager
async def running(settings: NotificationSettings) -> AsyncIterator[NotificationService]:
    """Everything but the HTTP server: migrated, consuming, relaying, sending."""
    url = settings.database_url.get_secret_value()
    async with AsyncExitStack() as stack:
        pool = await create_pool(url, application="notification")
        stack.push_async_callback(pool.close)
        keyring_pool = await create_pool(
            settings.keyring_url.get_secret_value(), max_size=4, application="notification"
        )
        stack.push_async_callback(keyring_pool.close)
        await migrate(pool, STREAMS)
        keyring = Keyring(keyring_pool, base64.b64decode(settings.master_key.get_secret_value()))
        template_cache = TemplateCache(settings.sender)
        relay = Relay(
            pool, settings.kafka, url=url, source="notification", topic_prefix=settings.topic_prefix
        )
        worker = _delivery_worker(
            settings,
            pool,
            RenderContext(
                keyring, template_cache, EmailTemplates(settings.templates / "mail"), settings.channels
            ),
            stack,
        )
        broker = build_broker(settings, pool, templates=template_cache, wake_worker=worker.notices.set)
        guard = RestoreGuard(TopicAudit(pool, settings.kafka, "notification", settings.topic_prefix))
        opening_task = asyncio.create_task(guard.run_when_open(relay.run, broker.start, first=worker.start))
        stack.push_async_callback(_cancel, opening_task)
        stack.push_async_callback(broker.stop)
        yield NotificationService(pool, keyring, broker, template_cache, worker, guard)


def build_broker(
    settings: NotificationSettings,
    pool: asyncpg.Pool,
    *,
    templates: TemplateCache,
    wake_worker: AfterCommit,
) -> Broker:
    """Everything notification reads, not started."""
    broker = Broker(
        settings.kafka,
        pool=pool,
        service="notification",
        topic_prefix=settings.topic_prefix,
        thresholds=StallThresholds(complain=settings.stuck_seconds),
    )
    broker.include_router(router, prefix=settings.topic_prefix)
    broker.context.set_global("templates", templates)
    broker.context.set_global("sender", settings.sender)
    broker.context.set_global("wake_worker", wake_worker)
    return broker


def create_web_app(settings: NotificationSettings, service: NotificationService) -> FastAPI:
    """Pages, answers and health."""
    keys = ApiKeys.load(settings.credentials) if settings.credentials else ApiKeys([])
    app = create_app(
        settings,
        service.pool,
        keys.identify,
        templates=settings.templates,
        ready=_readiness_checks(service),
        closed=lambda: service.guard.closed if service.guard else None,
        title=f"{PRODUCT}: notification",
    )
    app.include_router(front_redirect(settings))
    app.include_router(message_routes(service.pool, service.keyring))
    app.include_router(message_pages(service.pool, service.keyring, settings.channels))
    app.include_router(operations_routes(service.pool, service.broker))
    app.include_router(held_pages(service.pool, service.broker))
    return app


def _delivery_worker(
    settings: NotificationSettings, pool: asyncpg.Pool, context: RenderContext, stack: AsyncExitStack
) -> DeliveryWorker:
    lease = SenderLease(settings.database_url.get_secret_value())
    receipts = ReceiptBuffer()
    carriers = build_carriers(settings, receipts.add)
    worker = DeliveryWorker(pool, context, carriers, lease=lease, receipts=receipts)
    for carrier in carriers:
        stack.push_async_callback(carrier.close)
    stack.push_async_callback(worker.stop)
    return worker


def _readiness_checks(service: NotificationService) -> Mapping[str, Callable[[], Awaitable[str | None]]]:
    async def database() -> str | None:
        return None if await service.pool.fetchval("SELECT true") else "no answer"

    async def consumers() -> str | None:
        return "; ".join(service.broker.readiness_problems()) or None

    async def words() -> str | None:
        return await service.templates.unavailable_reason(service.pool)

    async def post() -> str | None:
        return service.worker.failure_reason()

    checks = {"database": database, "consumers": consumers, "words": words, "post": post}
    return checks | ({"level": service.guard.check} if service.guard else {})


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
