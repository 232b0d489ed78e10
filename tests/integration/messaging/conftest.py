"""Intake publishes, routing reads: one topic between two services, on a prefix of this test's own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from deploy.local.servers.topics import create_topics
from shared.db.transaction import Tx, transaction
from shared.events import topics
from shared.events.envelope import NewEvent
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import status
from shared.messaging.publish import outbox
from shared.messaging.publish.relay import Relay
from shared.messaging.record.batch import Batch, UnreadableRecord
from tests.builders.readers import reading_broker
from tests.builders.wire import until
from tests.databases import Database

EFFECTS = """CREATE TABLE effects (n bigint GENERATED ALWAYS AS IDENTITY, root uuid, said text)"""


@dataclass
class Wire:
    """Both ends, and what came out at the far one."""

    database: Database
    kafka: str
    prefix: str
    intake: asyncpg.Pool
    routing: asyncpg.Pool
    poison: set[str] = field(default_factory=set)
    told: list[UnreadableRecord] = field(default_factory=list)
    running: list[asyncio.Task[None]] = field(default_factory=list)
    consumers: list[Broker] = field(default_factory=list)

    async def publish(self, events: Sequence[NewEvent]) -> None:
        """Commit events at intake."""
        async with transaction(self.intake) as tx:
            await outbox.append_events(tx, events)

    def relay(self) -> asyncio.Task[None]:
        """Start intake's relay."""
        relay = Relay(
            self.intake,
            self.kafka,
            url=self.database.url("intake"),
            source="intake",
            topic_prefix=self.prefix,
            schemas_url="http://schemas.test",
        )
        task = asyncio.create_task(relay.run())
        self.running.append(task)
        return task

    async def consumer(self, *, start: bool = True) -> Broker:
        """Start routing's broker, whose handlers note what they get in the table `effects`."""
        consumer = reading_broker(
            self.routing, self.kafka, self.prefix, facts=self.note, replies=self.note_replies
        )
        self.consumers.append(consumer)
        if start:
            await consumer.start()
        return consumer

    async def note(self, tx: Tx, batch: Batch) -> None:
        """A handler: one row an event, and an error of its own for those marked as poison."""
        for event in batch.events:
            if event.data.reason_code in self.poison:
                raise ValueError(f"cannot use {event.data.reason_code}")
        await self._write(tx, [(event.root, event.data.reason_code) for event in batch.events])

    async def note_replies(self, tx: Tx, batch: Batch) -> None:
        """A handler of replies; `told` are those routing would tell the party of."""
        await self._write(tx, [(reply.root, reply.office) for reply in batch.events])
        self.told += batch.unreadable

    async def _write(self, tx: Tx, rows: Sequence[tuple[UUID, str]]) -> None:
        await tx.executemany("INSERT INTO effects (root, said) VALUES ($1, $2)", rows)

    async def effects(self, root: UUID | None = None) -> list[str]:
        """What routing noted, in order."""
        rows = await self.routing.fetch("SELECT root, said FROM effects ORDER BY n")
        return [row["said"] for row in rows if root in (None, row["root"])]

    async def quiet(self) -> None:
        """Wait until intake has sent and routing has read everything."""

        async def is_quiet() -> bool:
            sent = await status(self.intake, None)
            read = await status(self.routing, self.consumers[-1])
            return sent.idle and read.idle

        await until(is_quiet)

    async def on_the_wire(self) -> list[ConsumerRecord[Any, Any]]:
        """Every record of the topic now, as anybody would read it."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, isolation_level="read_committed")
        await consumer.start()
        topic = self.prefix + topics.DOSSIER_EVENTS.name
        places = [TopicPartition(topic, n) for n in range(topics.DOSSIER_EVENTS.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        end = await consumer.end_offsets(places)
        found: list[ConsumerRecord[Any, Any]] = []
        while len(found) < sum(end.values()):
            for records in (await consumer.getmany(timeout_ms=100)).values():
                found += records
        await consumer.stop()
        return found

    async def send_again(self, records: Sequence[ConsumerRecord[Any, Any]]) -> None:
        """The same records once more, as a relay that crashed before its delete would."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        for record in records:
            await producer.send_and_wait(
                record.topic,
                record.value,
                record.key,
                partition=record.partition,
                headers=list(record.headers),
            )
        await producer.stop()

    async def reply(self, party: str, **record: Any) -> None:
        """A party writes to its topic."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        await producer.send_and_wait(f"{self.prefix}{topics.replies_topic(party).name}", **record)
        await producer.stop()


@pytest.fixture
async def wire(database: Database, kafka: str, topic_prefix: str) -> AsyncIterator[Wire]:
    """Topics made, pools open, nothing started."""
    async with wired(database, kafka, topic_prefix) as made:
        yield made


@asynccontextmanager
async def wired(database: Database, kafka: str, topic_prefix: str) -> AsyncIterator[Wire]:
    """The same for whoever needs one that several tests look at."""
    wanted = [topics.DOSSIER_EVENTS, topics.replies_topic("city-police")]
    create_topics(kafka, [replace(topic, name=topic_prefix + topic.name) for topic in wanted])
    made = Wire(database, kafka, topic_prefix, await database.pool("intake"), await database.pool("routing"))
    await made.routing.execute(EFFECTS)
    yield made
    for task in made.running:
        task.cancel()
    await asyncio.gather(*made.running, return_exceptions=True)
    for consumer in made.consumers:
        await consumer.stop()
