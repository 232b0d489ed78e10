"""Our own copy of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.clock import to_city_time
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


async def lock_items(tx: Tx) -> dict[str, ItemHead]:
    """Every stored item by its key; two publishers take turns until the commit."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))", _PUBLISHER_LOCK)
    return {head.item: head for head in await list_heads(tx)}


async def list_heads(tx: Tx) -> list[ItemHead]:
    """Every stored item by key, without its content."""
    rows = await tx.fetch("SELECT item, digest, origin, published_at FROM catalogue_items ORDER BY item")
    return [
        ItemHead(row["item"], row["digest"], row["origin"], to_city_time(row["published_at"])) for row in rows
    ]


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
    if not changed:
        return
    await tx.execute(
        """INSERT INTO catalogue_items (item, digest, content, published_at, origin)
           SELECT item, digest, content, $4, $5 FROM unnest($1::text[], $2::text[], $3::jsonb[])
               AS given (item, digest, content)
               ON CONFLICT (item) DO UPDATE
              SET digest = EXCLUDED.digest, content = EXCLUDED.content,
                  published_at = EXCLUDED.published_at, origin = EXCLUDED.origin""",
        [item.item for item in changed],
        [item.digest for item in changed],
        [dict(item.content) for item in changed],
        at,
        origin,
    )
