"""Sending of rows in batches: in order per partition, partitions concurrently."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from shared.events.wire.attributes import DATASCHEMA, is_old_form
from shared.messaging.record.murmur2 import partition_in
from shared.messaging.record.records import unpack_headers

METADATA_SECONDS = 2
REQUEST_MS = 15_000


class OutboxRow(NamedTuple):
    """An outbox row. `headers` stay packed until their batch is filled: unpacked they are twenty objects per
    row, which would slow the garbage collector.
    """

    position: int
    shard: int
    topic: str
    key: bytes
    value: bytes
    headers: bytes


@dataclass(frozen=True, slots=True)
class SendResult:
    """The result of sending: acknowledged rows, shards to delay, and the first failure.

    `reached`: the offset after the last acknowledged record of each partition; `counts`: records per topic.
    """

    acknowledged: list[int]
    failed_shards: set[int]
    failure: Exception | None
    reached: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


NOTHING_SENT = SendResult([], set(), None)


def rows_of(records: Iterable[Any], prefix: str) -> list[OutboxRow]:
    """Rows of the table, in the order of its columns. `prefix`: for tests that share a broker."""
    return [
        OutboxRow(position, shard, prefix + topic, key.encode(), value, headers)
        for position, shard, topic, key, value, headers in records
    ]


def new_producer(bootstrap: str, client: str) -> AIOKafkaProducer:
    """A producer: idempotent, acknowledged by all replicas, with large compressed batches.

    Snappy, because aiokafka's lz4 uses the slow level 9 and zstd is expensive for small batches.
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
    """A producer, to be replaced after its first failed batch: all later ones would fail.

    `schemas_url`: the address below which the schemas of our types are served; empty: records name none.
    """

    def __init__(self, producer: AIOKafkaProducer, schemas_url: str = "") -> None:
        self._producer, self._schemas_url = producer, schemas_url
        self._partition_count_tasks: dict[str, asyncio.Task[int]] = {}
        self.broken = False

    async def send(self, rows: Sequence[OutboxRow]) -> SendResult:
        """Send rows in order. After a failure the later rows of that partition stay unsent."""
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
        """The topic's number of partitions. Only the first query waits; a missing topic fails at once."""
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
        """Send batches one by one, each once the previous one is acknowledged, so that none overtakes."""
        done, reached = 0, dict[tuple[str, int], int]()
        try:
            while done < len(rows):
                batch, count = _fill(self._producer, rows[done:], self._schemas_url)
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
        """Connect. Raises KafkaError if Kafka is unavailable."""
        await self._producer.start()

    async def stop(self) -> None:
        """Close the connection, within seconds."""
        for task in self._partition_count_tasks.values():
            task.cancel()
        await asyncio.gather(*self._partition_count_tasks.values(), return_exceptions=True)
        with suppress(Exception):
            async with asyncio.timeout(5):
                await self._producer.stop()


def _fill(producer: AIOKafkaProducer, rows: Sequence[OutboxRow], schemas_url: str) -> tuple[Any, int]:
    """Fill a batch. `append` returns None for a full batch and drops that record."""
    batch, now, count = producer.create_batch(), time.time_ns() // 1_000_000, 0
    for row in rows:
        # Machine time: Kafka's retention depends on it, and the city's clock may be in another year.
        headers = headers_to_send(row.headers, schemas_url)
        if batch.append(timestamp=now, key=row.key, value=row.value, headers=headers) is None:
            break
        count += 1
    if count == 0:
        raise ValueError(f"a record of {len(rows[0].value)} bytes fits no batch")
    batch.close()
    return batch, count


def headers_to_send(packed: bytes, schemas_url: str) -> list[tuple[str, bytes | None]]:
    """The headers of a row, with the address of its schema, which may be another than when it was written.

    A row of the old form goes out as it was written.
    """
    headers = list(unpack_headers(packed))
    ce_type = (dict(headers).get("ce_type") or b"").decode()
    if schemas_url and not is_old_form(ce_type):
        headers.append((DATASCHEMA, f"{schemas_url}/{ce_type}".encode()))
    return headers


def _combine(parts: Sequence[SendResult]) -> SendResult:
    return SendResult(
        [position for part in parts for position in part.acknowledged],
        {shard for part in parts for shard in part.failed_shards},
        next((part.failure for part in parts if part.failure is not None), None),
        {place: offset for part in parts for place, offset in part.reached.items()},
        sum((part.counts for part in parts), Counter()),
    )
