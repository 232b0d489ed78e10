"""Our own copy of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.db.table import Table, row_reader
from shared.db.transaction import Tx

_PUBLISHER_LOCK = 0x63617461  # "cata"

Origin = Literal["release", "operator"]
"""Who put an item there: the folder a release came with, or a person while running."""


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item whole, with its digest."""

    item: str
    digest: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemHead:
    """What is stored of an item, without its content."""

    item: str
    digest: str
    origin: Origin
    published_at: datetime


TABLE = Table("catalogue_items", CatalogueItem, key="item", beside=("published_at", "origin"))
read_head = row_reader(ItemHead)


async def lock_items(tx: Tx) -> dict[str, ItemHead]:
    """Every stored item by its key; two publishers take turns until the commit."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))", _PUBLISHER_LOCK)
    return {head.item: head for head in await list_heads(tx)}


async def list_heads(tx: Tx) -> list[ItemHead]:
    """Every stored item by key, without its content."""
    rows = await tx.fetch("SELECT item, digest, origin, published_at FROM catalogue_items ORDER BY item")
    return [read_head(row) for row in rows]


REVISION = """SELECT coalesce(md5(string_agg(item || digest, ',' ORDER BY item)), '') AS revision
                FROM catalogue_items"""
"""One short word for the whole copy: it differs as soon as any item does, and is empty when there is none."""


async def current_revision(tx: Tx) -> str:
    """The word of the whole copy as stored now."""
    (row,) = await tx.fetch(REVISION)
    return row["revision"]


async def read_items(tx: Tx) -> dict[str, dict[str, Any]]:
    """Everything stored, by item key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items ORDER BY item")
    return {row["item"]: row["content"] for row in rows}


async def save(tx: Tx, changed: Sequence[CatalogueItem], at: datetime, origin: Origin) -> None:
    """New and changed items."""
    count = len(changed)
    await TABLE.upsert(tx, changed, published_at=[at] * count, origin=[origin] * count)
