"""Thousands of unusable records of one party, and the reply of another: who is handled when, by what."""

from collections import Counter
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
import structlog

from deploy.local.servers.topics import create_topics
from shared.db.transaction import Tx, transaction
from shared.events import topics
from shared.messaging.consume.process_batch import count_batch, process_batch
from shared.messaging.fetch import confluent_fallback
from shared.messaging.fetch.fenced_consumer import MAX_RECORDS
from shared.messaging.record.batch import Batch
from shared.messaging.record.records import Record
from shared.messaging.record.routes import replies_route
from tests.builders.hostile import COMMON, SentRecord, Spoil, Writer
from tests.builders.readers import reading_broker
from tests.builders.statements import statements
from tests.builders.wire import a_reply, until
from tests.databases import Database

pytestmark = pytest.mark.integration
FLOODER, OTHER = "city-police", "land-registry"
FLOOD = 3_000
PARTITIONS = topics.replies_topic(FLOODER).partitions


@dataclass
class Reading:
    """What a handler of replies was given, batch by batch."""

    batches: list[Counter[str]] = field(default_factory=list)

    async def note(self, tx: Tx, batch: Batch) -> None:
        """Count the records of each party."""
        parties = [reply.party for reply in batch.events] + [record.party for record in batch.unreadable]
        self.batches.append(Counter(parties))

    @property
    def handled(self) -> Counter[str]:
        """All of them."""
        return sum(self.batches, Counter[str]())

    def place_of(self, party: str) -> int:
        """The number of the batch in which this party came, from 0."""
        return next(number for number, batch in enumerate(self.batches) if batch[party])


def _reply(party: str, office: str, spoil: Spoil = lambda sent: sent) -> SentRecord:
    record = a_reply(party, uuid4(), office=office)
    return spoil(SentRecord(record["key"], record["value"], tuple(record["headers"])))


async def _flooded(
    database: Database, kafka: str, prefix: str, flood: list[SentRecord], *, count: int
) -> Reading:
    """The flood is on the topic, the other's reply behind it, and only then somebody reads."""
    wanted = [topics.replies_topic(party) for party in (FLOODER, OTHER)]
    create_topics(kafka, [replace(topic, name=prefix + topic.name) for topic in wanted])
    writer, reading = Writer(kafka), Reading()
    pool = await database.pool("routing")
    for partition in range(wanted[0].partitions):
        writer.write(prefix + wanted[0].name, partition, flood)
    writer.write(prefix + wanted[1].name, 0, [_reply(OTHER, "LRO.002")])
    writer.close()
    broker = reading_broker(pool, kafka, prefix, replies=reading.note, parties=(FLOODER, OTHER))
    await broker.start()

    async def is_done() -> bool:
        return sum(reading.handled.values()) >= count

    try:
        await until(is_done, seconds=60)
    finally:
        await broker.stop()
    return reading


async def test_another_s_reply_is_in_the_first_batches(
    database: Database, kafka: str, topic_prefix: str
) -> None:
    flood = [_reply(FLOODER, "POLICE", COMMON["not JSON"])] * (FLOOD // PARTITIONS)
    reading = await _flooded(database, kafka, topic_prefix, flood, count=FLOOD + 1)
    assert reading.handled == {FLOODER: FLOOD, OTHER: 1}
    assert reading.place_of(OTHER) <= 1
    assert max(batch.total() for batch in reading.batches) <= MAX_RECORDS


async def test_records_that_only_the_second_client_reads_do_not_hide_it_either(
    database: Database, kafka: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confluent_fallback, "OF_A_PARTITION", 10)
    flood = [_reply(FLOODER, "POLICE", COMMON["header's name not UTF-8"])] * 40
    count = len(flood) * PARTITIONS + 1
    reading = await _flooded(database, kafka, topic_prefix, flood, count=count)
    assert reading.handled == {FLOODER: count - 1, OTHER: 1}
    assert reading.place_of(OTHER) <= 1


async def test_hundreds_take_as_many_statements_and_lines_of_the_log_as_one(database: Database) -> None:
    pool = await database.pool("routing")
    seen: dict[int, tuple[int, int]] = {}
    for count in (1, 500):
        async with transaction(pool) as tx:
            with statements(tx) as asked, structlog.testing.capture_logs() as lines:
                reads = [replies_route().read(_unreadable(n)) for n in range(count)]
                count_batch(await process_batch(tx, replies_route(), reads, _ignore), "agency.replies")
            assert await tx.fetchval("SELECT count(*) FROM held") == count
            seen[count] = (len(asked), len(lines))
            await tx.execute("DELETE FROM held")
            await tx.execute("DELETE FROM consumed")
    assert seen[500] == seen[1]


def _unreadable(offset: int) -> Record:
    sent = _reply(FLOODER, "POLICE", COMMON["not JSON"])
    name = topics.replies_topic(FLOODER).name
    return Record(
        topic=name,
        partition=0,
        offset=offset,
        key=sent.key,
        value=sent.value,
        headers=sent.headers,
        timestamp_ms=0,
    )


async def _ignore(tx: Tx, batch: Batch) -> None:
    """Told to nobody."""
