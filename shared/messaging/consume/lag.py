"""The lag of readers: the number of records they have not handled.

The end is the last stable offset, since readers take committed records alone: what an open transaction holds
back is no lag. Markers of transactions count as offsets until the consumer has passed them.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.fetch.fenced_consumer import FencedConsumer
from shared.messaging.record import positions

ANSWER_SECONDS = 5  # a consumer stopped while it asks never gets its answer


async def total_lag(readers: Sequence[TopicReader]) -> dict[str, int] | None:
    """The lag of all these readers by logical topic; None if Kafka does not answer for one of them."""
    total: dict[str, int] = {}
    for lag in await asyncio.gather(*(reader_lag(reader) for reader in readers)):
        if lag is None:
            return None
        total |= lag
    return total


async def reader_lag(reader: TopicReader) -> dict[str, int] | None:
    """Kafka's stable end minus our next offset, by logical topic; None if Kafka does not answer."""
    consumer = reader.consumer
    if consumer is None or not consumer.assignment():
        return {}
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _count(reader, consumer, list(consumer.assignment()))
    except (KafkaError, OSError, TimeoutError):
        return None


async def _count(
    reader: TopicReader, consumer: FencedConsumer, assigned: list[TopicPartition]
) -> dict[str, int]:
    prefix = reader.topic_prefix
    places = {tp: (tp.topic.removeprefix(prefix), tp.partition) for tp in assigned}
    end = await consumer.end_offsets(assigned)
    first = await consumer.beginning_offsets(assigned)
    handled = await positions.next_offsets(reader.pool, list(places.values()))
    waiting: Counter[str] = Counter()
    for tp, place in places.items():
        waiting[place[0]] += max(0, end[tp] - max(handled.get(place, 0), first[tp]))
    return dict(waiting)
