"""The composition of a service: broker, relay, guard, health and operators' pages."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
from fastapi import APIRouter, FastAPI

from shared.messaging.consume.broker import Broker, Declarations
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.fetch.party_topics import ListParties
from shared.messaging.publish.relay import Relay
from shared.messaging.recovery.restore_guard import RestoreGuard, Step
from shared.messaging.recovery.topic_audit import TopicAudit
from shared.messaging.sweep import sweep
from shared.security.api_keys import ApiKeys
from shared.service.catalogue_copy import catalogue_copy_routes, copy_complaint
from shared.service.settings import ServiceSettings
from shared.web.answers.event_schemas import event_schemas
from shared.web.answers.health import Check
from shared.web.app import create_app
from shared.web.auth.identity import ListCounters, no_counters
from shared.web.drafts.draft_store import delete_expired
from shared.web.operations.held_pages import held_pages
from shared.web.operations.operations import operations_routes
from shared.web.pages.front_redirect import front_redirect
from shared.words.product import PRODUCT

DRAFT_SWEEP_SECONDS = 600.0


class ServiceApp:
    """A service: the common parts, and what it declares itself. Nothing is started yet.

    `folder` is the service's package, which has a folder of templates. `routes` are matched in their order
    and before the common ones. `checks` and `notes` are added to those of /health/ready. `first` is done once
    before anything is sent or read; `background_tasks` run beside the relay and the broker until the service
    stops. `parties`: those to whose topics the service writes.
    `list_counters`: the offices of the set "counters".
    """

    def __init__(
        self,
        settings: ServiceSettings,
        pool: asyncpg.Pool,
        broker: Broker,
        *,
        folder: Path,
        routes: Sequence[APIRouter],
        checks: Mapping[str, Check] | None = None,
        notes: Mapping[str, Check] | None = None,
        first: Step | None = None,
        background_tasks: Sequence[Step] = (),
        parties: Sequence[str] = (),
        list_counters: ListCounters = no_counters,
    ) -> None:
        kafka, source, prefix = settings.kafka, settings.service, settings.topic_prefix
        url = settings.database_url.get_secret_value()
        self.broker = broker
        self.relay = Relay(
            pool, kafka, url=url, source=source, topic_prefix=prefix, schemas_url=settings.schemas_address
        )
        self.guard = RestoreGuard(TopicAudit(pool, kafka, source, prefix, parties))
        self._pool, self._first, self._background_tasks = pool, first, background_tasks
        keys = ApiKeys.load(settings.credentials) if settings.credentials else ApiKeys([])
        common_routes = (
            operations_routes(pool, broker),
            held_pages(pool, broker),
            event_schemas(settings.service),
            catalogue_copy_routes(pool),
            front_redirect(settings),
        )
        self.http = create_app(
            settings,
            pool,
            keys.identify,
            templates=folder / "templates",
            routes=(*routes, *common_routes),
            ready=self._readiness_checks(checks or {}),
            notes={
                "parties": self._unread_parties,
                "catalogue": self._catalogue_complaint,
                **(notes or {}),
            },
            closed=lambda: self.guard.closed,
            list_counters=list_counters,
            title=f"{PRODUCT}: {settings.service}",
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FastAPI]:
        """Run everything but the HTTP server. The application refuses writes with 503 until the guard opens.

        Start: guard, `first`, then relay, broker and background tasks together. The caller goes on at once.
        Stop: the broker finishes its running batches, then all the rest is cancelled.
        """
        forget_drafts = partial(
            sweep, self._pool, "drafts", delete_expired, every_seconds=DRAFT_SWEEP_SECONDS
        )
        work = (self.relay.run, self.broker.start, forget_drafts, *self._background_tasks)
        opening = asyncio.create_task(self.guard.run_when_open(*work, first=self._first))
        try:
            yield self.http
        finally:
            await self.broker.stop()
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    def _readiness_checks(self, own_checks: Mapping[str, Check]) -> Mapping[str, Check]:
        common_checks = {"database": self._database_problem, "consumers": self._consumer_problems}
        return {**common_checks, **own_checks, "level": self._guard_problem}

    async def _database_problem(self) -> str | None:
        return None if await self._pool.fetchval("SELECT true") else "no answer"

    async def _consumer_problems(self) -> str | None:
        return "; ".join(self.broker.readiness_problems()) or None

    async def _guard_problem(self) -> str | None:
        return await self.guard.check()

    async def _catalogue_complaint(self) -> str | None:
        return await copy_complaint(self._pool)

    async def _unread_parties(self) -> str | None:
        return "; ".join(self.broker.unread_parties()) or None


def create_broker(
    settings: ServiceSettings,
    pool: asyncpg.Pool,
    router: Declarations,
    *,
    context: Mapping[str, object],
    list_parties: ListParties | None = None,
) -> Broker:
    """The broker with all subscribers of a service, not started; `context` is what their handlers ask for."""
    broker = Broker(
        settings.kafka,
        pool=pool,
        service=settings.service,
        instance=settings.instance,
        topic_prefix=settings.topic_prefix,
        thresholds=StallThresholds(complain=settings.stuck_seconds),
        list_parties=list_parties,
    )
    broker.include_router(router, prefix=settings.topic_prefix)
    for name, value in context.items():
        broker.context.set_global(name, value)
    return broker
