"""Records of a service's topics in Kafka beyond those that its database knows to be published."""

import asyncio
import time
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
from shared.events.wire.attributes import sequence_of
from shared.messaging.fetch.log_ends import log_ends
from shared.messaging.publish import published_positions
from shared.messaging.record.classify import Key
from shared.messaging.record.positions import Place
from shared.messaging.record.records import Record, from_kafka

CHUNK = 2000
ANSWER_SECONDS = 30
STILL_SECONDS = 5.0
"""Without a record for this long, the rest lies behind an open transaction."""


class OpenTransactionError(RuntimeError):
    """A transaction of another program is open in topics of ours. Kafka ends it after 15 minutes at most."""

    def __init__(self, topics_held_up: Sequence[str]) -> None:
        super().__init__(f"a transaction is open in {', '.join(topics_held_up)}")


@dataclass(slots=True)
class ObservedSequences:
    """The highest sequence number of each key among the records, and the end of each partition."""

    highest: dict[Key, int] = field(default_factory=dict)
    ends: dict[Place, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicAudit:
    """The topics of one service in Kafka. `prefix`: for tests that share a broker.

    `parties`: those of the catalogue, for a service that writes to their topics. A topic that only looks like
    a party's is not read: anyone who may create topics could make one.
    """

    pool: asyncpg.Pool
    bootstrap: str
    service: str
    prefix: str = ""
    parties: Sequence[str] = ()

    async def scan(self, observed: ObservedSequences) -> AsyncIterator[list[Record]]:
        """Read the records beyond `published` in chunks, and add them to `seen`.

        Raises KafkaError, OSError or TimeoutError while Kafka is away, and OpenTransactionError while records
        lie behind the open transaction of another program: what is there cannot be known yet.
        """
        source = topics.SOURCES[self.service]
        async with _reader(self.bootstrap) as consumer:
            starts, ends = await self._range(consumer)
            observed.ends |= {
                (self._logical(place.topic), place.partition): end for place, end in ends.items()
            }
            async for raw in _read_between(consumer, starts, ends):
                records = [from_kafka(record, self.prefix) for record in raw]
                service_records = [record for record in records if record.header("ce_source") == source]
                _observe(observed, service_records)
                yield service_records

    async def _range(
        self, consumer: AIOKafkaConsumer
    ) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
        """The start offset of each existing partition (0 for a recreated topic), and its end in the log."""
        existing = await _with_timeout(consumer.topics())
        places = [
            TopicPartition(self.prefix + topic.name, n)
            for topic in self._owned_topics()
            if self.prefix + topic.name in existing
            for n in range(topic.partitions)
        ]
        if not places:
            return {}, {}
        consumer.assign(places)
        published = await published_positions.read(self.pool)
        first_offsets = await _with_timeout(consumer.beginning_offsets(places))
        ends = await log_ends(self.bootstrap, places)
        starts: dict[TopicPartition, int] = {}
        for place in places:
            published_to = published.get((self._logical(place.topic), place.partition), 0)
            starts[place] = max(first_offsets[place], published_to if published_to <= ends[place] else 0)
        return starts, ends

    def _owned_topics(self) -> list[Topic]:
        """The topics that this service writes, by the catalogue."""
        of_parties = [topic for party in self.parties for topic in topics.party_topics(party)]
        return [topic for topic in (*topics.SERVICE_TOPICS, *of_parties) if topic.owner == self.service]

    def _logical(self, name: str) -> str:
        return name.removeprefix(self.prefix)


async def unknown_sequences(tx: Tx | asyncpg.Pool, highest: Mapping[Key, int]) -> list[Key]:
    """Keys whose sequence number in Kafka is beyond that in the database."""
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
    """Advance the sequence of each key past Kafka's: consumers would drop lower numbers as duplicates.

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
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        group_id=None,
        isolation_level="read_committed",
    )
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
    moved_at = time.monotonic()
    while remaining:
        async with asyncio.timeout(ANSWER_SECONDS):
            records_by_partition = await consumer.getmany(*remaining, timeout_ms=1000, max_records=CHUNK)
            # The last offsets may have no record (compaction, transactions): the position counts too.
            finished = {place for place in remaining if await consumer.position(place) >= ends[place]}
        if records_by_partition:
            yield [record for records in records_by_partition.values() for record in records]
        remaining -= finished
        if records_by_partition or finished:
            moved_at = time.monotonic()
        elif time.monotonic() > moved_at + STILL_SECONDS:
            raise OpenTransactionError(sorted({place.topic for place in remaining}))


def _observe(observed: ObservedSequences, records: Sequence[Record]) -> None:
    for record in records:
        sequence = sequence_of(record.header)
        if sequence is not None:
            key = (record.topic, record.key_text)
            observed.highest[key] = max(observed.highest.get(key, 0), sequence)


def decode_events(records: Iterable[Record], topic: Topic) -> Iterator[Event]:
    """The events of one topic among these records, without unreadable ones, which are not ours."""
    for record in records:
        if record.topic == topic.name:
            with suppress(InvalidRecord):
                yield registry.decode(record.topic, record.key, record.value, record.headers)
