"""A cache of the catalogue and its templates, read again when a digest has changed."""

from collections.abc import Mapping
from typing import Any

from services.notification.domain.templates import (
    InvalidTemplates,
    MessageTemplates,
    SenderIdentity,
    check_templates,
    load_templates,
)
from services.notification.store import catalogue as store
from shared.catalogue import Catalogue
from shared.catalogue.decoding.item_check import item_fault
from shared.db.transaction import Tx
from shared.errors import RetryLater
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger
from shared.service.catalogue_copy import save_arrivals

log = get_logger(__name__)
MESSAGES = "messages"


class TemplateCache:
    """The catalogue and its templates as this process last read them."""

    def __init__(self, sender: SenderIdentity) -> None:
        self._sender = sender
        self._digests: dict[str, str] = {}
        self._catalogue: Catalogue | None = None
        self._templates: MessageTemplates | None = None

    async def current(self, tx: store.Reader) -> tuple[Catalogue, MessageTemplates]:
        """The current catalogue and templates. Reads only digests unless something was published.

        Raises RetryLater until a complete catalogue was published, InvalidTemplates for invalid ones.
        """
        digests = await store.digests(tx)
        if digests != self._digests:
            await self._read(tx, digests)
        if self._catalogue is None or self._templates is None:
            raise RetryLater("the catalogue has not been published yet")
        return self._catalogue, self._templates

    async def unavailable_reason(self, tx: store.Reader) -> str | None:
        """Why there are no usable templates yet, for readiness; None if there are."""
        try:
            await self.current(tx)
        except (RetryLater, InvalidTemplates) as error:
            return str(error)
        return None

    async def _read(self, tx: store.Reader, digests: dict[str, str]) -> None:
        if MESSAGES not in digests:
            return
        items = await store.read_items(tx)
        templates = load_templates(digests[MESSAGES], items[MESSAGES], self._sender)
        try:
            catalogue = Catalogue.from_items(items)
        except Exception as error:  # part of it has not arrived yet: keep the previous one, or wait
            log.info("catalogue.incomplete", error=repr(error))
            return
        self._catalogue, self._templates, self._digests = catalogue, templates, digests


async def save_published(tx: Tx, batch: Batch) -> None:
    """Store published items. One that cannot be used is kept with its faults: the old one stays in force."""
    await save_arrivals(tx, [event.data for event in batch.events], find_fault=_find_fault)


def _find_fault(item: str, content: Mapping[str, Any]) -> str | None:
    if item == MESSAGES:
        return "; ".join(check_templates(content)) or None
    return item_fault(item, content)
