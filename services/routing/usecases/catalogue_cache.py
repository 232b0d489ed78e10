"""Cache of the stored catalogue, read again when any item has changed."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.routing.domain.case.rules import Rules
from services.routing.store import cases
from services.routing.store import catalogue as catalogue_store
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now, read_connection
from shared.observability.logs import get_logger

log = get_logger(__name__)


class CatalogueCache:
    """The catalogue of this process. Each transaction compares revisions, so all processes agree."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._revision = ""

    def latest(self) -> Catalogue:
        """The catalogue as last read: for pages, never for decisions."""
        return self._catalogue

    async def current(self, tx: Tx) -> Catalogue:
        """The catalogue as stored now; the initial one before anything is stored."""
        return await self._refreshed(tx, await catalogue_store.current_revision(tx))

    async def rules(self, tx: Tx) -> Rules:
        """The context of decisions in this transaction: the stored catalogue and the city's time."""
        return Rules(await self.current(tx), await city_now(tx))

    async def parties_with_topics(self, pool: asyncpg.Pool) -> list[str]:
        """The parties that read and write Kafka, by the catalogue as stored now."""
        async with read_connection(pool) as tx:
            catalogue = await self.current(tx)
        return [party.name for party in catalogue.parties() if party.has_topics]

    async def unit_of_work(self, tx: Tx, roots: Sequence[UUID]) -> CaseUnitOfWork:
        """Lock these cases, with the stored catalogue and the city's time."""
        locked = await cases.lock_with_context(tx, roots)
        return CaseUnitOfWork(locked.cases, Rules(await self._refreshed(tx, locked.revision), locked.at))

    async def _refreshed(self, tx: Tx, revision: str) -> Catalogue:
        if revision not in ("", self._revision):
            self._catalogue = Catalogue.from_items(await catalogue_store.read_items(tx))
            self._revision = revision
            log.info("catalogue.reloaded", revision=revision)
        return self._catalogue
