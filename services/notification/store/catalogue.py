"""The table `catalogue_items`: this service's copy of the catalogue."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg

from shared.db.transaction import Tx

Reader: TypeAlias = Tx | asyncpg.Pool


async def digests(tx: Reader) -> dict[str, str]:
    """The digest of each stored item."""
    rows = await tx.fetch("SELECT item, digest FROM catalogue_items")
    return {row["item"]: row["digest"] for row in rows}


async def read_items(tx: Reader) -> dict[str, Mapping[str, Any]]:
    """The content of every item, by key."""
    rows = await tx.fetch("SELECT item, content FROM catalogue_items")
    return {row["item"]: row["content"] for row in rows}
