"""Repair of all services' databases after a restore, each by its own rules."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping

import asyncpg
from aiokafka.errors import KafkaError

from deploy.local.home import home
from deploy.local.keys import read_keys
from deploy.local.launching.assemble import service_secrets
from deploy.local.parties import read_parties
from deploy.local.ports import LOOPBACK
from deploy.local.servers.postgres import ADMIN
from deploy.local.services import SERVICES
from services.intake.usecases import reconcile as intake
from services.notification.usecases import reconcile as notification
from services.routing.usecases import reconcile as routing
from shared.db.pool import create_pool
from shared.messaging.recovery.reconcile import ReconcileReport
from shared.messaging.recovery.topic_audit import TopicAudit

AWAY = (OSError, TimeoutError, KafkaError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError)
Reconcile = Callable[[TopicAudit], Awaitable[ReconcileReport]]


async def reconcile_all(
    urls: Mapping[str, str], bootstrap: str, *, prefix: str = "", margin: int = intake.MARGIN, dry_run: bool
) -> list[ReconcileReport]:
    """One report per service. `urls`: database addresses by service, with the service's own role."""
    reconcilers: dict[str, Reconcile] = {
        "intake": lambda audit: intake.reconcile(audit, margin=margin, dry_run=dry_run),
        "routing": lambda audit: routing.reconcile(audit, dry_run=dry_run),
        "notification": lambda audit: notification.reconcile(audit, dry_run=dry_run),
    }
    # By this checkout's catalogue: a restored database may not know the newest party yet.
    parties = [party.name for party in read_parties() if party.topics]
    reports: list[ReconcileReport] = []
    for service, reconcile in reconcilers.items():
        pool = await create_pool(urls[service], min_size=1, max_size=2, application="motcua reconcile")
        try:
            reports.append(await reconcile(TopicAudit(pool, bootstrap, service, prefix, parties)))
        finally:
            await pool.close()
    return reports


async def reconcile_here(*, margin: int, dry_run: bool) -> list[ReconcileReport]:
    """The same for this checkout's stack. Only PostgreSQL and Kafka must run."""
    keys = read_keys(home())
    if not keys.ports:
        raise ConnectionRefusedError("no stack was ever started here")
    default_url = (
        f"postgresql://{ADMIN}:{keys.passwords['admin']}@{LOOPBACK}:{keys.ports['postgres']}/postgres"
    )
    admin_url = os.environ.get("MOTCUA_DATABASE_URL") or default_url
    bootstrap = os.environ.get("MOTCUA_KAFKA") or f"{LOOPBACK}:{keys.ports['kafka']}"
    urls = {name: service_secrets(name, keys, admin_url)["MOTCUA_DATABASE_URL"] for name in SERVICES}
    return await reconcile_all(urls, bootstrap, margin=margin, dry_run=dry_run)
