"""The ceiling of consuming: aiokafka's own `getmany` in a loop, offsets committed in the background.

Unless `bare` it also does what a handler must: decode, one transaction a batch with a row an event; no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer

from shared.db.pool import create_pool
from shared.messaging.fetch.commits import OffsetCommitter
from shared.messaging.fetch.fenced_consumer import MAX_RECORDS
from tests.bench.events import TOPIC
from tests.bench.ours.consumer import EFFECTS, WRITE, Count
from tests.bench.program import Obey, obey


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`consume` reads so many records of a prefix."""
    pool = await create_pool(said["database"])
    await pool.execute(EFFECTS)

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        count = Count(order["count"])
        consumer = AIOKafkaConsumer(
            order["prefix"] + TOPIC,
            bootstrap_servers=said["kafka"],
            group_id=order["prefix"] + "raw",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        commits = OffsetCommitter(lambda offsets: consumer.commit(dict(offsets)))
        async with asyncio.timeout(120):
            while not count.done.is_set():
                found = await consumer.getmany(timeout_ms=1000, max_records=MAX_RECORDS)
                if not said["bare"]:
                    await _write(pool, [record for records in found.values() for record in records])
                commits.mark({place: records[-1].offset + 1 for place, records in found.items()})
                count.add(sum(map(len, found.values())))
        await commits.flush()
        await consumer.stop()
        return count.answer()

    try:
        yield act
    finally:
        await pool.close()


async def _write(pool: Any, records: Sequence[Any]) -> None:
    said = [orjson.loads(record.value) for record in records]
    async with pool.acquire() as connection, connection.transaction():
        roots = [UUID(body["dossier_id"]) for body in said]
        await connection.execute(WRITE, roots, [body["code"] for body in said])


if __name__ == "__main__":
    obey(main)
