"""The table `catalogue_items`: intake's copy of the catalogue."""

from collections.abc import Mapping
from typing import Any

from shared.db.transaction import Tx


async def load(tx: Tx) -> Mapping[str, Mapping[str, Any]]:
    """All items, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
