"""A header whose *name* is not UTF-8 stops aiokafka at its record for ever; librdkafka reads past it.

One party's record must not stop the replies of all others, so librdkafka reads on for a while.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import methodcaller
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition
from confluent_kafka import Consumer, Message
from confluent_kafka import TopicPartition as Place

from shared.messaging.record.records import UNREADABLE_NAME

READ_AT_MOST = 10_000
"""So many are read at once, of all partitions together: one partition with many must not hide the others."""

OF_A_PARTITION = 100
"""So many of each are taken; the others are read again."""

FIRST_SECONDS, REST_SECONDS = 5.0, 0.05
RawRecord = ConsumerRecord[Any, Any]
_HEADERS_OF = methodcaller("headers")
"""Calling the method directly leaves its exception pending for the next line."""


async def fetch_with_confluent(
    consumer: Any, assigned: Iterable[TopicPartition], bootstrap: str
) -> tuple[RawRecord, ...]:
    """Fetch the next records of these partitions with librdkafka, and move aiokafka behind them."""
    positions = [Place(tp.topic, tp.partition, await consumer.position(tp)) for tp in assigned]
    records = await asyncio.to_thread(_read, bootstrap, positions)
    for record in records:
        consumer.seek(TopicPartition(record.topic, record.partition), record.offset + 1)
    return records


def _read(bootstrap: str, positions: list[Place]) -> tuple[RawRecord, ...]:
    reader = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "unused",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "queued.max.messages.kbytes": 16_384,
        }
    )
    try:
        reader.assign(positions)
        first = reader.poll(FIRST_SECONDS)
        rest = reader.consume(READ_AT_MOST - 1, REST_SECONDS) if first is not None else []
        messages = [m for m in (first, *rest) if m is not None and m.error() is None]
        return tuple(_as_first_client(message) for message in _first_of_each(messages))
    finally:
        reader.close()


def _first_of_each(messages: Iterable[Message]) -> Iterator[Message]:
    """The first messages of each partition."""
    taken = Counter[tuple[str | None, int | None]]()
    for message in messages:
        place = (message.topic(), message.partition())
        taken[place] += 1
        if taken[place] <= OF_A_PARTITION:
            yield message


def _as_first_client(message: Message) -> RawRecord:
    kind, milliseconds = message.timestamp()
    key, value = message.key(), message.value()
    return ConsumerRecord(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        timestamp=milliseconds,
        timestamp_type=kind,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=-1 if key is None else len(key),
        serialized_value_size=-1 if value is None else len(value),
        headers=_headers(message),
    )


def _headers(message: Message) -> Any:
    """All headers, or UNREADABLE_NAME: librdkafka's client gives none if one name is not UTF-8."""
    try:
        return tuple(_HEADERS_OF(message) or ())
    except (SystemError, UnicodeError):
        return ((UNREADABLE_NAME, None),)
