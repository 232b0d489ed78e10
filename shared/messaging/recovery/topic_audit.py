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

    async def scan(self, seen: ObservedSequences) -> AsyncIterator[list[Record]]:
        """Records of ours beyond `published`, a chunk at a time, counted into `seen`.

        Raises KafkaError, OSError or TimeoutError while Kafka is away.
        """
        source = topics.SOURCES[self.service]
        async with _reader(self.bootstrap) as consumer:
            starts = await self._starts(consumer)
            ends = await _bounded(consumer.end_offsets(list(starts)))
            seen.ends |= {(self._logical(place.topic), place.partition): end for place, end in ends.items()}
            async for raw in _from(consumer, starts, ends):
                records = [from_kafka(one, self.prefix) for one in raw]
                ours = [record for record in records if record.header("ce_source") == source]
                _count(seen, ours)
                yield ours

    async def _starts(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Each partition of ours that exists, and where to begin; a topic made anew is read whole."""
        names = await _bounded(consumer.topics())
        made = (_topic(self._logical(name)) for name in names if name.startswith(self.prefix))
        owned = [topic for topic in made if topic is not None and topic.owner == self.service]
        places = [TopicPartition(self.prefix + t.name, n) for t in owned for n in range(t.partitions)]
        if not places:
            return {}
        consumer.assign(places)
        known = await published_positions.read(self.pool)
        first = await _bounded(consumer.beginning_offsets(places))
        ends = await _bounded(consumer.end_offsets(places))
        starts: dict[TopicPartition, int] = {}
        for place in places:
            known_to = known.get((self._logical(place.topic), place.partition), 0)
            starts[place] = max(first[place], known_to if known_to <= ends[place] else 0)
        return starts

    def _logical(self, name: str) -> str:
        return name.removeprefix(self.prefix)


def _topic(name: str) -> Topic | None:
    """The topic of this name as it was made; None for a stranger's."""
    own = {topic.name: topic for topic in topics.OWN}
    if name in own or not name.startswith("agency.") or name.count(".") != 2:
        return own.get(name)
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
        await _bounded(consumer.start())
        yield consumer
    finally:
        await consumer.stop()


async def _bounded(asked: Any) -> Any:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await asked


async def _from(
    consumer: AIOKafkaConsumer, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> AsyncIterator[Sequence[Any]]:
    left = {place for place, start in starts.items() if start < ends[place]}
    if not left:
        return
    consumer.assign(list(left))
    for place in left:
        consumer.seek(place, starts[place])
    while left:
        async with asyncio.timeout(ANSWER_SECONDS):
            got = await consumer.getmany(*left, timeout_ms=1000, max_records=CHUNK)
            # The last offsets may hold no record (compacted away): where the reader stands tells, too.
            done = {place for place in left if await consumer.position(place) >= ends[place]}
        if got:
            yield [record for records in got.values() for record in records]
        left -= done


def _count(seen: ObservedSequences, records: Sequence[Record]) -> None:
    for record in records:
        text = record.header("ce_seq") or ""
        if text.isascii() and text.isdigit() and len(text) < 18:
            key = (record.topic, record.key_text)
            seen.highest[key] = max(seen.highest.get(key, 0), int(text))


def decode_events(records: Iterable[Record], topic: Topic) -> Iterator[Event]:
    """The events of one topic among these records; what cannot be read was never ours."""
    for record in records:
        if record.topic == topic.name:
            with suppress(InvalidRecord):
                yield registry.decode(record.topic, record.key, record.value, record.headers)
