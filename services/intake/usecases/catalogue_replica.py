"""Our copy of the catalogue: kept in the database, read from memory, renewed when a version is published."""

import asyncio
from collections.abc import Callable

import asyncpg

from services.intake.store import catalogue_items
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, after_commit, transaction
from shared.errors import RetryLater
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger

log = get_logger(__name__)


class CatalogueReplica:
    """The catalogue in memory, reloaded when a version is published."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._catalogue: Catalogue | None = None
        self._renewal: asyncio.Task[None] | None = None
        self._renew: Callable[[asyncpg.Pool], None] = self._start_renewal

    async def unavailable_reason(self) -> str | None:
        """Why there is no catalogue yet, for /health/ready; None once a complete one is loaded."""
        return None if self._catalogue is not None else "not published yet"

    @property
    def current(self) -> Catalogue:
        """The catalogue as last published. RetryLater before the first one came."""
        if self._catalogue is None:
            raise RetryLater("the catalogue has not been published yet")
        return self._catalogue

    async def load(self) -> None:
        """Read the kept copy; nothing changes while it is empty or incomplete."""
        async with transaction(self._pool) as tx:
            items = await catalogue_items.load(tx)
        try:
            self._catalogue = Catalogue.from_items(items) if items else self._catalogue
        except LookupError as missing:
            log.info("catalogue.incomplete", items=len(items), why=str(missing)[:200])

    async def save_published(self, tx: Tx, batch: Batch) -> None:
        """Published items become our copy; the memory follows once they are committed."""
        await catalogue_items.save(tx, [event.data for event in batch.events])
        after_commit(self._renew)

    def _start_renewal(self, _pool: asyncpg.Pool) -> None:
        previous = self._renewal
        self._renewal = asyncio.create_task(self._renew_after(previous))

    async def _renew_after(self, previous: asyncio.Task[None] | None) -> None:
        if previous is not None:
            await asyncio.wait([previous])
        await self.load()
