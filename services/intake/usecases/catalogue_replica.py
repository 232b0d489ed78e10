"""Intake's copy of the catalogue: stored in the database, served from memory, reloaded when it changes."""

import asyncio
from collections.abc import Callable

import asyncpg

from services.intake.store import catalogue_items
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, after_commit, transaction
from shared.errors import RetryLater
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger
from shared.service.catalogue_copy import save_arrivals

log = get_logger(__name__)


class CatalogueReplica:
    """The catalogue in memory, reloaded when a version was published."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._catalogue: Catalogue | None = None
        self._renewal: asyncio.Task[None] | None = None
        self._renew: Callable[[asyncpg.Pool], None] = self._start_renewal

    async def unavailable_reason(self) -> str | None:
        """Why there is no catalogue yet, for /health/ready; None once a complete one is loaded."""
        if self._catalogue is None:
            return "not published yet"
        return None

    @property
    def current(self) -> Catalogue:
        """The catalogue as last published. Raises RetryLater before the first one was loaded."""
        if self._catalogue is None:
            raise RetryLater("the catalogue has not been published yet")
        return self._catalogue

    async def load(self) -> None:
        """Load the stored copy. An empty or incomplete one leaves the current catalogue in place."""
        async with transaction(self._pool) as tx:
            items = await catalogue_items.load(tx)
        if not items:
            return
        try:
            self._catalogue = Catalogue.from_items(items)
        except LookupError as missing:
            log.info("catalogue.incomplete", items=len(items), reason=str(missing)[:200])

    async def save_published(self, tx: Tx, batch: Batch) -> None:
        """Store the published items that can be read, and reload once they are committed."""
        await save_arrivals(tx, [event.data for event in batch.events])
        after_commit(self._renew)

    def _start_renewal(self, _pool: asyncpg.Pool) -> None:
        previous = self._renewal
        self._renewal = asyncio.create_task(self._renew_after(previous))

    async def _renew_after(self, previous: asyncio.Task[None] | None) -> None:
        if previous is not None:
            await asyncio.wait([previous])
        await self.load()
