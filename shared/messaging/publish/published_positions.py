"""The table `published`: how far our own topics were written by this database, noted now and then."""

import time
from collections.abc import Mapping

import asyncpg

from shared.db.transaction import Tx
from shared.messaging.record.positions import Place

EVERY_SECONDS = 5.0


class PublishedPositions:
    """What one relay has published since it last said so. A lower bound is enough, so it says so seldom."""

    def __init__(self) -> None:
        self._new: dict[Place, int] = {}
        self._saved_at = time.monotonic()

    def acknowledge(self, offsets: Mapping[Place, int]) -> None:
        """Acknowledged up to here."""
        self._new |= offsets

    async def save_if_due(self, pool: asyncpg.Pool, *, now: bool = False) -> None:
        """Write them down when it is time, or `now`."""
        if self._new and (now or time.monotonic() - self._saved_at > EVERY_SECONDS):
            new, self._new = self._new, {}
            self._saved_at = time.monotonic()
            await save(pool, new)


async def save(tx: Tx | asyncpg.Pool, offsets: Mapping[Place, int]) -> None:
    """Everything below these offsets is ours; never backwards."""
    await tx.execute(
        """INSERT INTO published AS p (topic, partition, next_offset)
           SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) AS new (topic, partition, next_offset)
            ORDER BY topic, partition
               ON CONFLICT (topic, partition) DO UPDATE
              SET next_offset = greatest(p.next_offset, EXCLUDED.next_offset)""",
        [topic for topic, _ in offsets],
        [partition for _, partition in offsets],
        list(offsets.values()),
    )


async def read(tx: Tx | asyncpg.Pool) -> dict[Place, int]:
    """Up to where each partition is known to be ours."""
    rows = await tx.fetch("SELECT topic, partition, next_offset FROM published")
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
