"""The table `catalogue_items`: the catalogue as published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.db.table import Table, row_reader
from shared.db.transaction import Tx

_PUBLISHER_LOCK = 0x63617461  # "cata"

Origin = Literal["release", "operator"]
"""Who published an item: the folder of a release at start, or an operator."""


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item with its content and digest."""

    item: str
    digest: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemHead:
    """A stored item without its content."""

    item: str
    digest: str
    origin: Origin
    published_at: datetime


TABLE = Table("catalogue_items", CatalogueItem, key="item", beside=("published_at", "origin"))
read_head = row_reader(ItemHead)


async def lock_items(tx: Tx) -> dict[str, ItemHead]:
    """All stored items by key, locked so that one transaction publishes at a time."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))", _PUBLISHER_LOCK)
    return {head.item: head for head in await list_heads(tx)}


async def list_heads(tx: Tx) -> list[ItemHead]:
    """All stored items in the order of keys."""
    rows = await tx.fetch("SELECT item, digest, origin, published_at FROM catalogue_items ORDER BY item")
    return [read_head(row) for row in rows]


REVISION = """SELECT coalesce(md5(string_agg(item || digest, ',' ORDER BY item)), '') AS revision
                FROM catalogue_items"""
"""The revision: a hash of all items, which changes with any of them; empty if there are none."""


async def current_revision(tx: Tx) -> str:
    """The revision of the catalogue as stored now."""
    (row,) = await tx.fetch(REVISION)
    return row["revision"]


async def read_items(tx: Tx) -> dict[str, dict[str, Any]]:
    """The content of all items, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items ORDER BY item")
    return {row["item"]: row["content"] for row in rows}


async def save(tx: Tx, changed: Sequence[CatalogueItem], at: datetime, origin: Origin) -> None:
    """Insert or replace these items."""
    count = len(changed)
    await TABLE.upsert(tx, changed, published_at=[at] * count, origin=[origin] * count)
