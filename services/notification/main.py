"""Composition root: settings → pools → consumer, relay, carriers, pages; nothing else."""

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
from services.notification.inbound.kafka import subscribe
from services.notification.inbound.message_pages import message_pages
from services.notification.inbound.receipts import ReceiptBuffer
from services.notification.outbound.smpp import SmppCarrier, SmscSettings
from services.notification.outbound.smtp import SmtpCarrier, SmtpSettings
from services.notification.store.leases import SenderLease
from services.notification.usecases.render_messages import RenderContext
from services.notification.usecases.template_cache import TemplateCache
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.messaging.consume.consumer import Consumer
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
    """What runs, for those who ask about it."""

    pool: asyncpg.Pool
    keyring: Keyring
    consumer: Consumer
    words: TemplateCache
    post: DeliveryWorker
    guard: RestoreGuard | None = None


async def run(settings: NotificationSettings) -> None:
    """The whole service, until it is asked to stop."""
    configure_logging("notification", settings.log)
    async with running(settings) as parts:
        await serve(create_web_app(settings, parts), settings.http_host, settings.http_port)


@asynccontextmanager
async def running(settings: NotificationSettings) -> AsyncIterator[NotificationService]:
    """Everything but the HTTP server: migrated, consuming, relaying, sending."""
    url = settings.database_url.get_secret_value()
    async with AsyncExitStack() as stack:
        pool = await create_pool(url, application="notification")
        stack.push_async_callback(pool.close)
        keys = await create_pool(
            settings.keyring_url.get_secret_value(), max_size=4, application="notification"
        )
        stack.push_async_callback(keys.close)
        await migrate(pool, STREAMS)
        keyring = Keyring(keys, base64.b64decode(settings.master_key.get_secret_value()))
        words = TemplateCache(settings.sender)
        consumer = Consumer(
            "notification",
            pool,
            settings.kafka,
            topic_prefix=settings.topic_prefix,
            patience=StallThresholds(complain=settings.stuck_seconds),
        )
        relay = Relay(
            pool, settings.kafka, url=url, source="notification", topic_prefix=settings.topic_prefix
        )
        post = _post(
            settings, pool, RenderContext(keyring, words, EmailTemplates(settings.templates / "mail")), stack
        )
        subscribe(consumer, words, settings.sender, post.notices.set)
        guard = RestoreGuard(TopicAudit(pool, settings.kafka, "notification", settings.topic_prefix))
        opening = asyncio.create_task(guard.run_when_open(relay.run, consumer.start, first=post.start))
        stack.push_async_callback(_ended, opening)
        stack.push_async_callback(consumer.stop)
        yield NotificationService(pool, keyring, consumer, words, post, guard)


def create_web_app(settings: NotificationSettings, parts: NotificationService) -> FastAPI:
    """Pages, answers and health."""
    keys = ApiKeys.load(settings.credentials) if settings.credentials else ApiKeys([])
    made = create_app(
        settings,
        parts.pool,
        keys.identify,
        templates=settings.templates,
        ready=_ready(parts),
        closed=lambda: parts.guard.closed if parts.guard else None,
        title=f"{PRODUCT}: notification",
    )
    made.include_router(front_redirect(settings))
    made.include_router(message_routes(parts.pool, parts.keyring))
    made.include_router(message_pages(parts.pool, parts.keyring))
    made.include_router(operations_routes(parts.pool, parts.consumer))
    made.include_router(held_pages(parts.pool, parts.consumer))
    return made


def _post(
    settings: NotificationSettings, pool: asyncpg.Pool, desk: RenderContext, stack: AsyncExitStack
) -> DeliveryWorker:
    lease = SenderLease(settings.database_url.get_secret_value())
    smtp = SmtpCarrier(_mail_server(settings))
    receipts = ReceiptBuffer()
    smpp = SmppCarrier(_text_centre(settings), receipts.add)
    post = DeliveryWorker(pool, desk, [smpp, smtp], lease=lease, receipts=receipts)
    stack.push_async_callback(smtp.close)
    stack.push_async_callback(smpp.close)
    stack.push_async_callback(post.stop)
    return post


def _mail_server(settings: NotificationSettings) -> SmtpSettings:
    return SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_sender,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        timeout_seconds=settings.smtp_timeout_seconds,
    )


def _text_centre(settings: NotificationSettings) -> SmscSettings:
    return SmscSettings(
        host=settings.smpp_host,
        port=settings.smpp_port,
        system_id=settings.smpp_system_id,
        password=settings.smpp_password.get_secret_value(),
        source=settings.smpp_source,
        window=settings.smpp_window,
        timeout_seconds=settings.smpp_timeout_seconds,
    )


def _ready(parts: NotificationService) -> Mapping[str, Callable[[], Awaitable[str | None]]]:
    async def database() -> str | None:
        return None if await parts.pool.fetchval("SELECT true") else "no answer"

    async def consumers() -> str | None:
        return "; ".join(parts.consumer.readiness_problems()) or None

    async def words() -> str | None:
        return await parts.words.unavailable_reason(parts.pool)

    async def post() -> str | None:
        return parts.post.failure_reason()

    checks = {"database": database, "consumers": consumers, "words": words, "post": post}
    return checks | ({"level": parts.guard.check} if parts.guard else {})


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
