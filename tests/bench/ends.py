"""How many records the parties' topics hold: asked of the broker, read by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events import topics
from shared.events.topics import Topic
from tests.bench.catalogue import parties

LOOK_SECONDS = 0.05


def party_topics(*, quick: bool = False) -> list[Topic]:
    """The three topics of every party with topics; in a quick run nobody replies."""
    if quick:
        return [topics.replies_topic(parties()[0]), *map(topics.tasks_topic, parties())]
    return [topic for party in parties() for topic in topics.party_topics(party)]


class Ends:
    """The ends of all parties' task topics under a prefix."""

    def __init__(self, consumer: AIOKafkaConsumer, places: Sequence[TopicPartition]) -> None:
        self._consumer, self._places = consumer, places

    async def total(self) -> int:
        """Records by now."""
        return sum((await self._consumer.end_offsets(self._places)).values())

    async def grown_to(self, count: int, seconds: float = 120) -> None:
        """Wait until so many are there."""
        async with asyncio.timeout(seconds):
            while await self.total() < count:  # noqa: ASYNC110  (a fact of another process)
                await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def ends(bootstrap: str, prefix: str) -> AsyncIterator[Ends]:
    """Connected for the length of the block."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    places = [
        TopicPartition(prefix + topic.name, number)
        for topic in map(topics.tasks_topic, parties())
        for number in range(topic.partitions)
    ]
    try:
        yield Ends(consumer, places)
    finally:
        await consumer.stop()
