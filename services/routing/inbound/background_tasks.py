"""Background loops of routing: deadlines, recounts, unplaced cases, and deletion of old reply ids."""

from functools import partial

import asyncpg

from services.routing.config import RoutingSettings
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.fire_timers import BATCHES_AT_ONCE, fire_timers
from services.routing.usecases.place_unplaced import place_next_batch
from services.routing.usecases.recount_dates import recount_next_batch
from shared.messaging.consume.broker import Broker
from shared.messaging.record.positions import prune_inbox
from shared.messaging.recovery.restore_guard import Step
from shared.messaging.sweep import sweep
from shared.observability.logs import get_logger

log = get_logger(__name__)
PRUNE_BATCH, PRUNE_EVERY_SECONDS = 1000, 3600.0
"""Reply ids deleted in one transaction, and seconds between two passes."""
RECOUNT_BATCH = 500
"""Cases in one transaction of a recount: more are faster, but keep other work waiting for their locks."""


def background_tasks(
    settings: RoutingSettings, pool: asyncpg.Pool, broker: Broker, catalogue: CatalogueCache
) -> tuple[Step, ...]:
    """Loops that run until cancelled. A loop that fails is logged and tried again after a wait."""
    recount = partial(recount_next_batch, catalogue=catalogue)
    place = partial(place_next_batch, catalogue=catalogue)
    return (
        partial(sweep, pool, "recount", recount, limit=RECOUNT_BATCH),
        partial(sweep, pool, "unplaced", place, limit=RECOUNT_BATCH),
        partial(_sweep_deadlines, pool, broker, catalogue, settings.first_sweep_seconds),
        partial(sweep, pool, "inbox", prune_inbox, every_seconds=PRUNE_EVERY_SECONDS, limit=PRUNE_BATCH),
    )


async def _sweep_deadlines(
    pool: asyncpg.Pool, broker: Broker, catalogue: CatalogueCache, hold_seconds: float
) -> None:
    """Read the backlog of the topics first, so that no deadline fires that a waiting reply has met."""
    if not await broker.drain_backlog(hold_seconds):
        log.warning("deadlines.hold_expired", seconds=hold_seconds)
    await sweep(pool, "deadlines", partial(fire_timers, catalogue=catalogue), at_once=BATCHES_AT_ONCE)
