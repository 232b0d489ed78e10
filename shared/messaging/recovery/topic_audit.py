"""What Kafka knows of a service's own topics beyond what its database says it has published."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.db.transaction import Tx
from shared.events import registry, topics
from shared.events.envelope import Event
from shared.events.reading import InvalidRecord
from shared.events.topics import Topic
from shared.messaging.publish import published_positions
from shared.messaging.record.classify import Key
from shared.messaging.record.positions import Place
from shared.messaging.record.records import Record, from_kafka

CHUNK = 2000
ANSWER_SECONDS = 30


@dataclass(slots=True)
class ObservedSequences:
    """The highest number of each key among the records read, and where each partition ends."""

    highest: dict[Key, int] = field(default_factory=dict)
    ends: dict[Place, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicAudit:
    """One service's topics on one Kafka; `prefix` is for tests that share a broker."""

    pool: asyncpg.Pool
    bootstrap: str
    service: str
    prefix: str = ""

    async def scan(self, observed: ObservedSequences) -> AsyncIterator[list[Record]]:
        """Records of ours beyond `published`, a chunk at a time, counted into `seen`.

        Raises KafkaError, OSError or TimeoutError while Kafka is away.
        """
        source = topics.SOURCES[self.service]
        async with _reader(self.bootstrap) as consumer:
            starts = await self._starts(consumer)
            ends = await _with_timeout(consumer.end_offsets(list(starts)))
            observed.ends |= {
                (self._logical(place.topic), place.partition): end for place, end in ends.items()
            }
            async for raw in _read_between(consumer, starts, ends):
                records = [from_kafka(record, self.prefix) for record in raw]
                service_records = [record for record in records if record.header("ce_source") == source]
                _observe(observed, service_records)
                yield service_records

    async def _starts(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Each partition of ours that exists, and where to begin; a topic made anew is read whole."""
        names = await _with_timeout(consumer.topics())
        specs = (_topic_spec(self._logical(name)) for name in names if name.startswith(self.prefix))
        owned = [topic for topic in specs if topic is not None and topic.owner == self.service]
        places = [
            TopicPartition(self.prefix + topic_spec.name, n)
            for topic_spec in owned
            for n in range(topic_spec.partitions)
        ]
        if not places:
            return {}
        consumer.assign(places)
        published = await published_positions.read(self.pool)
        first_offsets = await _with_timeout(consumer.beginning_offsets(places))
        ends = await _with_timeout(consumer.end_offsets(places))
        starts: dict[TopicPartition, int] = {}
        for place in places:
            published_to = published.get((self._logical(place.topic), place.partition), 0)
            starts[place] = max(first_offsets[place], published_to if published_to <= ends[place] else 0)
        return starts

    def _logical(self, name: str) -> str:
        return name.removeprefix(self.prefix)


def _topic_spec(name: str) -> Topic | None:
    """The topic of this name as it was made; None for a stranger's."""
    by_name = {topic.name: topic for topic in topics.SERVICE_TOPICS}
    if name in by_name or not name.startswith("agency.") or name.count(".") != 2:
        return by_name.get(name)
    return next((topic for topic in topics.party_topics(topics.party_of(name)) if topic.name == name), None)


async def unknown_sequences(tx: Tx | asyncpg.Pool, highest: Mapping[Key, int]) -> list[Key]:
    """Keys of which Kafka has a number this database never gave."""
    rows = await tx.fetch(
        """SELECT topic, key FROM unnest($1::text[], $2::text[], $3::bigint[]) AS asked (topic, key, seq)
             LEFT JOIN sequence_given AS given USING (topic, key)
            WHERE coalesce(given.seq, 0) < asked.seq ORDER BY topic, key""",
        [topic for topic, _ in highest],
        [key for _, key in highest],
        list(highest.values()),
    )
    return [(row["topic"], row["key"]) for row in rows]


async def advance_sequences(tx: Tx, highest: Mapping[Key, int]) -> int:
    """Let the next number of each key come after what Kafka has: readers would drop it as a repeat.

    Returns how many keys were behind.
    """
    rows = await tx.fetch(
        """INSERT INTO sequence_given AS given (topic, key, seq)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (topic, key, seq)
            ORDER BY topic, key
               ON CONFLICT (topic, key) DO UPDATE SET seq = EXCLUDED.seq WHERE given.seq < EXCLUDED.seq
           RETURNING topic""",
        [topic for topic, _ in highest],
        [key for _, key in highest],
        list(highest.values()),
    )
    return len(rows)


@asynccontextmanager
async def _reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)
    try:
        await _with_timeout(consumer.start())
        yield consumer
    finally:
        await consumer.stop()


async def _with_timeout(awaitable: Any) -> Any:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await awaitable


async def _read_between(
    consumer: AIOKafkaConsumer, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> AsyncIterator[Sequence[Any]]:
    remaining = {place for place, start in starts.items() if start < ends[place]}
    if not remaining:
        return
    consumer.assign(list(remaining))
    for place in remaining:
        consumer.seek(place, starts[place])
    while remaining:
        async with asyncio.timeout(ANSWER_SECONDS):
            records_by_partition = await consumer.getmany(*remaining, timeout_ms=1000, max_records=CHUNK)
            # The last offsets may hold no record (compacted away): where the reader stands tells, too.
            finished = {place for place in remaining if await consumer.position(place) >= ends[place]}
        if records_by_partition:
            yield [record for records in records_by_partition.values() for record in records]
        remaining -= finished


def _observe(observed: ObservedSequences, records: Sequence[Record]) -> None:
    for record in records:
        text = record.header("ce_seq") or ""
        if text.isascii() and text.isdigit() and len(text) < 18:
            key = (record.topic, record.key_text)
            observed.highest[key] = max(observed.highest.get(key, 0), int(text))


def decode_events(records: Iterable[Record], topic: Topic) -> Iterator[Event]:
    """The events of one topic among these records; what cannot be read was never ours."""
    for record in records:
        if record.topic == topic.name:
            with suppress(InvalidRecord):
                yield registry.decode(record.topic, record.key, record.value, record.headers)
