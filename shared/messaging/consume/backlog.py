"""Waiting for a backlog: replies are read only after the events that their tasks came from.

Normally the order follows, since a party answers a task after it was created. A restored database reads both
topics again, and then the reply could come first.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence

import asyncpg
from aiokafka import TopicPartition

from shared.messaging.consume.declarations import OWN_TOPICS
from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.faults import retry_delays
from shared.messaging.fetch.fenced_consumer import FencedConsumer
from shared.messaging.record import positions
from shared.messaging.record.positions import Place
from shared.observability.logs import get_logger

log = get_logger(__name__)
LOOK_SECONDS = 0.05
ANSWER_SECONDS = 10


async def wait_until_caught_up(
    readers: Sequence[TopicReader], pool: asyncpg.Pool, is_wanted: Callable[[], bool]
) -> None:
    """Return once everything is handled that the topics held at the call, by whichever instance."""
    for reader in readers:
        ends = await _ends(reader, is_wanted)
        waits = retry_delays(LOOK_SECONDS, 1.0)
        while is_wanted() and await _behind(pool, ends):  # noqa: ASYNC110  (only the table can tell)
            await asyncio.sleep(next(waits))


async def _ends(reader: TopicReader, is_wanted: Callable[[], bool]) -> dict[Place, int]:
    for pause in retry_delays():
        if not is_wanted():
            return {}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await _ends_now(reader)
        except Exception as failure:
            log.warning("consumer.start_delayed", topic=reader.label, error=type(failure).__name__)
            await asyncio.sleep(min(pause, 1.0))
    raise AssertionError("pauses never end")


async def _ends_now(reader: TopicReader) -> dict[Place, int]:
    """The end offsets of partitions that have records."""
    consumer = reader.consumer
    if consumer is None:
        raise ConnectionError("the reader is being started again")
    places = _places(reader, consumer)
    ends = await consumer.end_offsets(places)
    first = await consumer.beginning_offsets(places)
    return {
        (place.topic.removeprefix(reader.topic_prefix), place.partition): ends[place]
        for place in places
        if ends[place] > first[place]
    }


def _places(reader: TopicReader, consumer: FencedConsumer) -> list[TopicPartition]:
    """All partitions of a reader's topics, whichever instance has them; of parties' topics existing ones."""
    if reader.route.is_replies:
        return [
            TopicPartition(name, number)
            for name in consumer.subscription()
            for number in _numbers(consumer, name)
        ]
    topic = OWN_TOPICS[reader.label]
    if topic.compacted:
        return []
    return [TopicPartition(reader.topic_prefix + topic.name, number) for number in range(topic.partitions)]


def _numbers(consumer: FencedConsumer, name: str) -> Collection[int]:
    return consumer.partitions_for_topic(name) or ()


async def _behind(pool: asyncpg.Pool, ends: dict[Place, int]) -> bool:
    try:
        handled = await positions.next_offsets(pool, list(ends))
    except Exception as failure:
        log.warning("consumer.start_delayed", topic="", error=type(failure).__name__)
        return True
    return any(handled.get(place, 0) < end for place, end in ends.items())
