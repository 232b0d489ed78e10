"""Our own copy of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.db.transaction import Tx

_ONE_PUBLISHER = 0x63617461  # "cata"


@dataclass(frozen=True, slots=True)
class Item:
    """One item whole, with its digest."""

    item: str
    digest: str
    content: Mapping[str, Any]


async def lock_digests(tx: Tx) -> dict[str, str]:
    """The digest of every stored item; two publishers take turns until the commit."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))", _ONE_PUBLISHER)
    rows = await tx.fetch("SELECT item, digest FROM catalogue_items")
    return {row["item"]: row["digest"] for row in rows}


async def items(tx: Tx) -> dict[str, dict[str, Any]]:
    """Everything stored, by item key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items ORDER BY item")
    return {row["item"]: row["content"] for row in rows}


async def save(tx: Tx, changed: Sequence[Item], at: datetime) -> None:
    """New and changed items."""
    if not changed:
        return
    await tx.execute(
        """INSERT INTO catalogue_items (item, digest, content, published_at)
           SELECT item, digest, content, $4 FROM unnest($1::text[], $2::text[], $3::jsonb[])
               AS given (item, digest, content)
               ON CONFLICT (item) DO UPDATE
              SET digest = EXCLUDED.digest, content = EXCLUDED.content,
                  published_at = EXCLUDED.published_at""",
        [item.item for item in changed],
        [item.digest for item in changed],
        [dict(item.content) for item in changed],
        at,
    )
