"""The table `catalogue_items`: intake's copy of the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.db.table import Table
from shared.db.transaction import Tx
from shared.events.catalogue import CatalogueItemPublished

TABLE = Table("catalogue_items", CatalogueItemPublished, key="item")


async def save(tx: Tx, items: Sequence[CatalogueItemPublished]) -> None:
    """Store the newest version of each item, in one statement."""
    newest = {item.item: item for item in items}
    await TABLE.upsert(tx, [newest[key] for key in sorted(newest)])


async def load(tx: Tx) -> Mapping[str, Mapping[str, Any]]:
    """All items, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
