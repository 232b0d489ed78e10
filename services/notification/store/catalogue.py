"""The table `catalogue_items`: this service's copy of the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import asyncpg

from shared.db.transaction import Tx

Reader: TypeAlias = Tx | asyncpg.Pool


async def save_items(tx: Tx, items: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Store these items (key, digest, content)."""
    await tx.executemany(
        """INSERT INTO catalogue_items (item, digest, content) VALUES ($1, $2, $3)
           ON CONFLICT (item) DO UPDATE SET digest = excluded.digest, content = excluded.content""",
        items,
    )


async def digests(tx: Reader) -> dict[str, str]:
    """The digest of each stored item."""
    rows = await tx.fetch("SELECT item, digest FROM catalogue_items")
    return {row["item"]: row["digest"] for row in rows}


async def read_items(tx: Reader) -> dict[str, Mapping[str, Any]]:
    """The content of every item, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
