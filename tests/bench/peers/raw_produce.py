"""The ceiling of producing: the same records from memory, whole batches, idempotent, acknowledged by all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer

from shared.messaging.publish.sender import new_producer
from shared.messaging.record.murmur2 import partition_of
from tests.bench.events import TOPIC, Made, made
from tests.bench.program import Obey, obey


async def produce(producer: AIOKafkaProducer, topic: str, partitions: dict[int, list[Made]]) -> int:
    """All partitions side by side, batch behind batch without waiting for the one before."""
    counts = await asyncio.gather(*(_partition(producer, topic, n, some) for n, some in partitions.items()))
    return sum(counts)


def by_partition(events: Sequence[Made], count: int) -> dict[int, list[Made]]:
    """Where Kafka's own partitioner would put them."""
    found: dict[int, list[Made]] = {}
    for event in events:
        found.setdefault(partition_of(event.key.encode(), count), []).append(event)
    return found


async def _partition(producer: AIOKafkaProducer, topic: str, number: int, events: Sequence[Made]) -> int:
    acknowledged, batch, now = [], producer.create_batch(), time.time_ns() // 1_000_000
    for event in events:
        record = {"key": event.key.encode(), "value": event.value, "headers": list(event.headers)}
        if batch.append(timestamp=now, **record) is None:
            acknowledged.append(await producer.send_batch(batch, topic, partition=number))
            batch = producer.create_batch()
            batch.append(timestamp=now, **record)
    acknowledged.append(await producer.send_batch(batch, topic, partition=number))
    await asyncio.gather(*acknowledged)
    return len(events)


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`supply` makes records, `produce` sends them."""
    producer = new_producer(said["kafka"], "bench")
    await producer.start()
    kept: dict[int, list[Made]] = {}

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        topic = order["prefix"] + TOPIC
        if order["do"] == "supply":
            kept.clear()
            kept.update(by_partition(list(made(order["count"])), len(await producer.partitions_for(topic))))
            return {}
        return {"count": await produce(producer, topic, kept)}

    try:
        yield act
    finally:
        await producer.stop()


if __name__ == "__main__":
    obey(main)
