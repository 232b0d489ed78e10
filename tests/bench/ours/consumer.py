"""Our consumer on a topic that is full already, timed from its first batch to its last.

`bare`: the way in alone (FastStream's batch subscriber, gate, background commits), as `getmany` has no more.
`whole`: with decoding, fence, sequence and a handler that writes a row an event in the same transaction.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from shared.db.pool import create_pool
from shared.db.transaction import Tx
from shared.messaging.consume.inbox import Inbox
from shared.messaging.fetch.fenced_consumer import FencedConsumer, RawRecord
from shared.messaging.record.batch import Batch
from shared.observability.logs import configure_logging
from shared.web.serve import freeze_gc
from tests.bench.program import Obey, obey
from tests.builders.readers import reading_broker

EFFECTS = "CREATE TABLE IF NOT EXISTS bench_effects (root uuid, code text)"
WRITE = "INSERT INTO bench_effects (root, code) SELECT * FROM unnest($1::uuid[], $2::text[])"


class Count:
    """Counts up to a number; the clock runs from the end of the first batch."""

    def __init__(self, target: int) -> None:
        self.target, self.seen, self.first = target, 0, 0
        self.begun = self.ended = 0.0
        self.done = asyncio.Event()

    def add(self, n: int) -> None:
        """A batch is done."""
        self.ended = time.perf_counter()
        if not self.seen:
            self.first, self.begun = n, self.ended
        self.seen += n
        if self.seen >= self.target:
            self.done.set()

    def answer(self) -> dict[str, Any]:
        """Items and seconds after the first batch."""
        return {"count": self.seen - self.first, "seconds": self.ended - self.begun}


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`consume` reads so many records of a prefix."""
    configure_logging("routing", "json")
    pool = await create_pool(said["database"])
    await pool.execute(EFFECTS)

    freeze_gc()

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        count = Count(order["count"])
        await pool.execute(
            "TRUNCATE consumed"
        )  # another topic under the same name: nothing of it is read yet

        async def note(tx: Tx, batch: Batch[Any]) -> None:
            await tx.execute(WRITE, batch.roots, [event.data.code for event in batch.events])
            count.add(len(batch.events))

        consumer = reading_broker(pool, said["kafka"], order["prefix"], facts=note)
        if said["bare"]:
            _leave_only_the_way_in(count)
        await consumer.start()
        try:
            async with asyncio.timeout(120):
                await count.done.wait()
        finally:
            await consumer.stop()
        return count.answer()

    try:
        yield act
    finally:
        await pool.close()


def _leave_only_the_way_in(count: Count) -> None:
    async def work(self: Inbox, consumer: FencedConsumer, records: Sequence[RawRecord]) -> None:
        consumer.mark_handled(records)
        count.add(len(records))

    Inbox._work = work


if __name__ == "__main__":
    obey(main)
