"""This service's copy of the published catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import asyncpg

from shared.db.transaction import Tx

Reader: TypeAlias = Tx | asyncpg.Pool


async def save_items(tx: Tx, items: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Keep these items: key, digest, content."""
    await tx.executemany(
        """INSERT INTO catalogue_items (item, digest, content) VALUES ($1, $2, $3)
           ON CONFLICT (item) DO UPDATE SET digest = excluded.digest, content = excluded.content""",
        items,
    )


async def digests(tx: Reader) -> dict[str, str]:
    """Which version of each item is here."""
    rows = await tx.fetch("SELECT item, digest FROM catalogue_items")
    return {row["item"]: row["digest"] for row in rows}


async def read_items(tx: Reader) -> dict[str, Mapping[str, Any]]:
    """Every item, whole."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
