"""Items of the catalogue that changed are stored and told to everyone; the others are left alone."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from services.routing.domain.case import BY_RULE
from services.routing.store import catalogue as shelf
from services.routing.store.catalogue import Item
from shared.db.transaction import Tx, city_now
from shared.events import topics
from shared.events.catalogue import CatalogueItemPublished, published_type
from shared.events.envelope import NewEvent
from shared.messaging import outbox
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def publish_catalogue(tx: Tx, items: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The keys of what was published now; none when the stored copy is the same to the byte."""
    at = await city_now(tx)
    known = await shelf.lock_digests(tx)
    offered = [Item(key, digest_of(content), content) for key, content in sorted(items.items())]
    changed = [item for item in offered if known.get(item.item) != item.digest]
    await shelf.save(tx, changed, at)
    events = [
        NewEvent(
            topic=topics.CATALOGUE_VERSIONS.name,
            key=item.item,
            type=published_type(item.item),
            data=CatalogueItemPublished(item=item.item, digest=item.digest, content=dict(item.content)),
            actor=BY_RULE,
            time=at,
        )
        for item in changed
    ]
    await outbox.append(tx, events)
    log.info("catalogue.published", items=len(offered), changed=len(changed))
    return [item.item for item in changed]


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of an item's one canonical JSON."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
