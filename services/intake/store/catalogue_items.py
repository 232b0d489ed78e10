"""Our copy of the catalogue, item by item."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.db.transaction import Tx
from shared.events.catalogue import CatalogueItemPublished


async def save(tx: Tx, items: Sequence[CatalogueItemPublished]) -> None:
    """The newest of each item, one statement for all."""
    newest = {item.item: item for item in items}
    await tx.execute(
        """INSERT INTO catalogue_items (item, digest, content)
           SELECT item, digest, content FROM unnest($1::text[], $2::text[], $3::jsonb[])
                  AS new (item, digest, content) ORDER BY item
           ON CONFLICT (item) DO UPDATE SET digest = EXCLUDED.digest, content = EXCLUDED.content""",
        list(newest),
        [item.digest for item in newest.values()],
        [item.content for item in newest.values()],
    )


async def load(tx: Tx) -> Mapping[str, Mapping[str, Any]]:
    """All items, by key."""
    return {
        row["item"]: row["content"] for row in await tx.fetch("SELECT item, content FROM catalogue_items")
    }
