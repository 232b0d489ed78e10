"""The table `catalogue_items`: this service's copy of the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import asyncpg

from shared.db.table import Table
from shared.db.transaction import Tx
from shared.events.catalogue import CatalogueItemPublished

Reader: TypeAlias = Tx | asyncpg.Pool


TABLE = Table("catalogue_items", CatalogueItemPublished, key="item")


async def save_items(tx: Tx, items: Sequence[CatalogueItemPublished]) -> None:
    """Store the newest version of each item, in one statement."""
    newest = {item.item: item for item in items}
    await TABLE.upsert(tx, [newest[key] for key in sorted(newest)])


async def digests(tx: Reader) -> dict[str, str]:
    """The digest of each stored item."""
    rows = await tx.fetch("SELECT item, digest FROM catalogue_items")
    return {row["item"]: row["digest"] for row in rows}


async def read_items(tx: Reader) -> dict[str, Mapping[str, Any]]:
    """The content of every item, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
