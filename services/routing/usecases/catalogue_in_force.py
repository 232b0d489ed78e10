"""The catalogue every decision of this process goes by: the stored copy, read again once any item differs."""

from datetime import datetime

from services.routing.store import catalogue as shelf
from shared.catalogue import Catalogue
from shared.db.transaction import Tx
from shared.observability.logs import get_logger

log = get_logger(__name__)


class CatalogueInForce:
    """One short statement a transaction tells whether to read anew, so several processes never disagree."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._revision = ""

    @property
    def latest(self) -> Catalogue:
        """As last read: for showing, never for deciding."""
        return self._catalogue

    async def current(self, tx: Tx) -> Catalogue:
        """As stored now. Before anything is stored, what the process started with."""
        return (await self.current_at(tx))[0]

    async def current_at(self, tx: Tx) -> tuple[Catalogue, datetime]:
        """The same, and the city's time: what a decision goes by."""
        revision, at = await shelf.revision(tx)
        if revision not in ("", self._revision):
            self._catalogue = Catalogue.from_items(await shelf.items(tx))
            self._revision = revision
            log.info("catalogue.renewed", revision=revision)
        return self._catalogue, at
