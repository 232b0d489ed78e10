"""Rows to Kafka in whole batches, one partition in order, partitions side by side."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from shared.messaging.record.murmur2 import partition_in
from shared.messaging.record.records import unpack_headers

METADATA_SECONDS = 2
REQUEST_MS = 15_000


class OutboxRow(NamedTuple):
    """An outbox row, ready for the wire but for its `headers`, which stay packed until their batch is filled:
    unpacked they are twenty objects a row, and the collector would walk over all of them.
    """

    position: int
    shard: int
    topic: str
    key: bytes
    value: bytes
    headers: bytes


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of rows: acknowledged ones, shards that must wait, and the first failure.

    `reached`: behind the last acknowledged record of each partition; `counts`: how many of each topic.
    """

    acknowledged: list[int]
    failed_shards: set[int]
    failure: Exception | None
    reached: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


NOTHING_SENT = SendResult([], set(), None)


def rows_of(records: Iterable[Any], prefix: str) -> list[OutboxRow]:
    """Rows from the table, in its columns' order; the prefix is for tests that share a broker."""
    return [
        OutboxRow(position, shard, prefix + topic, key.encode(), value, headers)
        for position, shard, topic, key, value, headers in records
    ]


def new_producer(bootstrap: str, client: str) -> AIOKafkaProducer:
    """Idempotent, acknowledged by all, in large compressed batches.

    Snappy, for aiokafka's lz4 is the slow kind (level 9) and zstd dear for a batch of few records.
    """
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=client,
        enable_idempotence=True,
        acks="all",
        compression_type="snappy",
        max_batch_size=262_144,
        max_request_size=1_048_576,
        linger_ms=0,
        request_timeout_ms=REQUEST_MS,
        metadata_max_age_ms=30_000,
    )


class OutboxSender:
    """One producer, thrown away after its first failed batch: later ones would fail for ever."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._partition_count_tasks: dict[str, asyncio.Task[int]] = {}
        self.broken = False

    async def send(self, rows: Sequence[OutboxRow]) -> SendResult:
        """Send rows, given in order. Of each partition everything behind a failure stays unsent."""
        by_topic: dict[str, list[OutboxRow]] = {}
        for row in rows:
            by_topic.setdefault(row.topic, []).append(row)
        return _combine(
            await asyncio.gather(
                *(self._send_topic(name, topic_rows) for name, topic_rows in by_topic.items())
            )
        )

    async def _send_topic(self, topic: str, rows: Sequence[OutboxRow]) -> SendResult:
        try:
            partitions = await self._partition_count(topic)
        except Exception as failure:  # a topic that does not exist must not stop the others
            return SendResult([], {row.shard for row in rows}, failure)
        by_partition: dict[int, list[OutboxRow]] = {}
        for row in rows:
            by_partition.setdefault(partition_in(row.shard, row.key, partitions), []).append(row)
        sending = (
            self._send_partition(topic, number, partition_rows)
            for number, partition_rows in by_partition.items()
        )
        return _combine(await asyncio.gather(*sending))

    async def _partition_count(self, topic: str) -> int:
        """How many it has. Only the first question about a topic waits; a missing one answers at once."""
        is_first, task = topic not in self._partition_count_tasks, self._partition_count_tasks.get(topic)
        if task is None or (task.done() and task.exception() is not None):
            task = self._partition_count_tasks[topic] = asyncio.create_task(
                self._fetch_partition_count(topic)
            )
        await asyncio.wait([task], timeout=METADATA_SECONDS if is_first else 0)
        if not task.done():
            raise LookupError(f"Kafka does not show the topic {topic}")
        return task.result()

    async def _fetch_partition_count(self, topic: str) -> int:
        return len(await self._producer.partitions_for(topic))

    async def _send_partition(self, topic: str, partition: int, rows: Sequence[OutboxRow]) -> SendResult:
        """Batch after batch, the next only when the last is acknowledged: none can overtake a failure."""
        done, reached = 0, dict[tuple[str, int], int]()
        try:
            while done < len(rows):
                batch, count = _fill(self._producer, rows[done:])
                async with asyncio.timeout(2 * REQUEST_MS / 1000):
                    metadata = await (await self._producer.send_batch(batch, topic, partition=partition))
                done += count
                reached[topic, partition] = metadata.offset + count
        except Exception as failure:
            self.broken = True
            failed = {row.shard for row in rows[done:]}
            return SendResult(
                [r.position for r in rows[:done]], failed, failure, reached, Counter({topic: done})
            )
        return SendResult([row.position for row in rows], set(), None, reached, Counter({topic: len(rows)}))

    async def start(self) -> None:
        """Connect; fails when Kafka is away."""
        await self._producer.start()

    async def stop(self) -> None:
        """Let go of it, within seconds."""
        for task in self._partition_count_tasks.values():
            task.cancel()
        await asyncio.gather(*self._partition_count_tasks.values(), return_exceptions=True)
        with suppress(Exception):
            async with asyncio.timeout(5):
                await self._producer.stop()


def _fill(producer: AIOKafkaProducer, rows: Sequence[OutboxRow]) -> tuple[Any, int]:
    """As many rows as one batch takes. `append` answers None when full and has then dropped the record."""
    batch, now, count = producer.create_batch(), time.time_ns() // 1_000_000, 0
    for row in rows:
        # Machine time: Kafka's retention counts from it, and the city's clock may stand in another year.
        if (
            batch.append(
                timestamp=now, key=row.key, value=row.value, headers=list(unpack_headers(row.headers))
            )
            is None
        ):
            break
        count += 1
    if count == 0:
        raise ValueError(f"a record of {len(rows[0].value)} bytes fits no batch")
    batch.close()
    return batch, count


def _combine(parts: Sequence[SendResult]) -> SendResult:
    return SendResult(
        [position for part in parts for position in part.acknowledged],
        {shard for part in parts for shard in part.failed_shards},
        next((part.failure for part in parts if part.failure is not None), None),
        {place: offset for part in parts for place, offset in part.reached.items()},
        sum((part.counts for part in parts), Counter()),
    )
