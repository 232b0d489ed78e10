"""The table `published`: up to which offsets our topics were written from this database."""

import time
from collections.abc import Mapping

import asyncpg

from shared.db.transaction import Tx
from shared.messaging.record.positions import Place, advance_offsets

EVERY_SECONDS = 5.0


class PublishedPositions:
    """The offsets one relay has published. A lower bound is enough, so they are stored seldom."""

    def __init__(self) -> None:
        self._new: dict[Place, int] = {}
        self._saved_at = time.monotonic()

    def acknowledge(self, offsets: Mapping[Place, int]) -> None:
        """Note acknowledged offsets."""
        self._new |= offsets

    async def save_if_due(self, pool: asyncpg.Pool, *, now: bool = False) -> None:
        """Store them if the interval is over, or `now`."""
        if self._new and (now or time.monotonic() - self._saved_at > EVERY_SECONDS):
            new, self._new = self._new, {}
            self._saved_at = time.monotonic()
            await save(pool, new)


async def save(tx: Tx | asyncpg.Pool, offsets: Mapping[Place, int]) -> None:
    """Store that everything below these offsets was written from this database. Offsets never decrease."""
    await advance_offsets(tx, "published", offsets)


async def read(tx: Tx | asyncpg.Pool) -> dict[Place, int]:
    """The stored offset of each partition."""
    rows = await tx.fetch("SELECT topic, partition, next_offset FROM published")
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
