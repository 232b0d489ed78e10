"""`faststream-outbox` relaying to Kafka, tuned as its documentation says.

Its page on performance: rows deleted in batches, autovacuum by its own DDL, larger fetches, more workers with
a pool sized by its rule (workers + 1); no line of log a row. `tuned: false` leaves every knob at its default.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from faststream.kafka import KafkaBroker
from faststream.kafka.response import KafkaResponse
from faststream_outbox import OutboxBroker, make_outbox_table, outbox_autovacuum_ddl
from faststream_outbox.annotations import OutboxMessage
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from tests.bench.events import TOPIC, made
from tests.bench.program import UNTUNED, Obey, obey

WORKERS = 32
QUEUE, TABLE = "events", "library_outbox"
KNOBS: dict[str, Any] = {
    "max_workers": WORKERS,
    "fetch_batch_size": 500,
    "min_fetch_interval": 0.01,
    "max_fetch_interval": 1.0,
    "terminal_flush_batch_size": 100,
}


def brokers(
    said: dict[str, Any], engine: AsyncEngine, metadata: MetaData
) -> tuple[OutboxBroker, KafkaBroker]:
    """The chain of its tutorial: a Kafka publisher on an outbox subscriber, with key and headers kept."""
    tuned = said["tuned"]
    quiet: dict[str, Any] = {"logger": None} if tuned else {}
    fast: dict[str, Any] = {"compression_type": "snappy"} if tuned else {}
    kafka = KafkaBroker(said["kafka"], acks="all", enable_idempotence=True, **quiet, **fast)
    outbox = OutboxBroker(engine, outbox_table=make_outbox_table(metadata, table_name=TABLE), **quiet)
    publisher = kafka.publisher(said["prefix"] + TOPIC)

    @publisher
    @outbox.subscriber(QUEUE, **(KNOBS if tuned else {}))
    async def relay(message: OutboxMessage) -> KafkaResponse:
        return KafkaResponse(message.body, key=message.headers["key"].encode(), headers=dict(message.headers))

    return outbox, kafka


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`fill` writes rows without committing; `commit` lets the relay see them; `left` counts."""
    address, metadata = said["database"].replace("postgresql://", "postgresql+asyncpg://"), MetaData()
    sized = {"pool_size": WORKERS + 4, "max_overflow": 0} if said["tuned"] else {}
    engine = create_async_engine(address, **sized)
    outbox, kafka = brokers(said, engine, metadata)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        if said["tuned"]:
            await connection.execute(text(outbox_autovacuum_ddl(TABLE, vacuum_cost_delay=0)))
    await kafka.start()
    await outbox.start()
    session = AsyncSession(engine)

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        match order["do"]:
            case "fill":
                for event in made(order["count"]):
                    head = {name: (value or b"").decode() for name, value in event.headers} | {
                        "key": event.key
                    }
                    await outbox.publish(event.value, queue=QUEUE, session=session, headers=head)
            case "commit":
                await session.commit()
            case other:
                raise ValueError(other)
        return {}

    try:
        yield act
    finally:
        await session.close()
        await outbox.stop()
        await kafka.stop()
        await engine.dispose()


if __name__ == "__main__":
    obey(main, loop="asyncio" if UNTUNED in sys.argv else "uvloop")
