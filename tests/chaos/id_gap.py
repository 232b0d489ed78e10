"""`python -m tests.chaos.id_gap [--rows 200000]`: positions taken early, committed late, and nobody missed.

32 writers append to one outbox. Each takes its positions at once and commits after a random while, so that
rows come to light in another order than their numbers; some never do. The relay sends what is there until
nothing is. Beside it a naive cursor ("everything after the last I saw") reads the very same commits. Both are
counted.
"""

import argparse
import asyncio
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console

from deploy.local.servers.topics import create_topics
from shared.db.transaction import Tx, transaction
from shared.events import topics
from shared.messaging.publish import outbox
from shared.messaging.publish.relay import Relay
from tests import databases, used_again
from tests.builders.wire import refused, until
from tests.chaos.real_servers import real_servers
from tests.databases import Database

WRITERS = 32
ROWS_A_COMMIT = 20
SLOWEST_COMMIT = 0.05
GIVEN_UP = 0.02
"""Of so many transactions the positions are gaps for ever."""

WITNESS = """
CREATE TABLE committed (position bigint PRIMARY KEY);
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO committed SELECT position FROM appended; RETURN NULL; END $$;
CREATE TRIGGER witness AFTER INSERT ON outbox REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION witness();
"""
"""What was committed, under the numbers and in the moment of the outbox's own rows; nobody deletes here."""


@dataclass
class Cursor:
    """A reader that believes positions come to light in their order."""

    last: int = 0
    seen: int = 0

    async def read(self, pool: asyncpg.Pool) -> None:
        """Everything after the last it saw."""
        rows = await pool.fetch("SELECT position FROM committed WHERE position > $1 ORDER BY 1", self.last)
        self.seen += len(rows)
        self.last = rows[-1]["position"] if rows else self.last


@dataclass(frozen=True)
class Counted:
    """What either way of reading came to."""

    rows: int
    gaps: int
    relay_missed: int
    relay_repeated: int
    relay_disordered: int
    cursor_missed: int

    def __str__(self) -> str:
        return (
            f"{self.rows} rows by {WRITERS} writers, {self.gaps} positions never used\n"
            f"relay: {self.relay_missed} missed, {self.relay_repeated} sent again, "
            f"{self.relay_disordered} out of order\n"
            f"naive cursor: {self.cursor_missed} missed"
        )


@dataclass
class Race:
    """One outbox, its writers, its relay, and the cursor beside it."""

    database: Database
    kafka: str
    rows: int
    random: random.Random
    prefix: str = field(default_factory=lambda: f"g{uuid4().hex[:10]}.")
    cursor: Cursor = field(default_factory=Cursor)

    async def run(self) -> Counted:
        """Write everything, let the relay finish, count."""
        create_topics(
            self.kafka, [replace(topics.DOSSIER_EVENTS, name=self.prefix + topics.DOSSIER_EVENTS.name)]
        )
        pool = await self.database.pool("intake", max_size=WRITERS + 4)
        await pool.execute(WITNESS)
        url = self.database.url("intake")
        relay = Relay(pool, self.kafka, url=url, source="intake", topic_prefix=self.prefix)
        running = [asyncio.create_task(relay.run()), asyncio.create_task(self._follow(pool))]
        try:
            await self._write(pool)
            await until(lambda: _is_empty(pool), seconds=600)
            await self.cursor.read(pool)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        return await self._count(pool)

    async def _write(self, pool: asyncpg.Pool) -> None:
        """The last writer's share is cut by what the one late transaction takes."""
        share = self.rows // WRITERS
        async with asyncio.TaskGroup() as together:
            for _ in range(WRITERS - 1):
                together.create_task(self._writer(pool, share))
            together.create_task(self._late(pool, self.rows - share * (WRITERS - 1)))

    async def _writer(self, pool: asyncpg.Pool, rows: int) -> None:
        roots = [uuid4() for _ in range(ROWS_A_COMMIT // 2)]
        while rows > 0:
            count = min(rows, ROWS_A_COMMIT)
            with suppress(_GivenUp):
                async with transaction(pool) as tx:
                    await _append(tx, roots, count)
                    await asyncio.sleep(self.random.uniform(0, SLOWEST_COMMIT))
                    if self.random.random() < GIVEN_UP:
                        raise _GivenUp
                rows -= count

    async def _late(self, pool: asyncpg.Pool, rows: int) -> None:
        """Takes its positions among the first, and commits once the cursor has gone past them."""
        async with transaction(pool) as tx:
            count = min(rows, ROWS_A_COMMIT)
            await _append(tx, [uuid4()], count)
            taken: Any = await tx.fetchval("SELECT max(position) FROM outbox")
            await until(lambda: _is_true(self.cursor.last > taken))
        await self._writer(pool, rows - count)

    async def _follow(self, pool: asyncpg.Pool) -> None:
        while True:
            await self.cursor.read(pool)
            await asyncio.sleep(0.01)

    async def _count(self, pool: asyncpg.Pool) -> Counted:
        committed = await pool.fetchval("SELECT count(*) FROM committed")
        highest = await pool.fetchval("SELECT max(position) FROM committed")
        sent = await _sent(self.kafka, self.prefix + topics.DOSSIER_EVENTS.name)
        given = dict(await pool.fetch("SELECT key, seq FROM sequence_given"))
        different = sum(len(set(numbers)) for numbers in sent.values())
        return Counted(
            rows=committed,
            gaps=highest - committed,
            relay_missed=sum(given.values()) - different,
            relay_repeated=sum(map(len, sent.values())) - different,
            relay_disordered=sum(list(dict.fromkeys(ns)) != sorted(set(ns)) for ns in sent.values()),
            cursor_missed=committed - self.cursor.seen,
        )


class _GivenUp(Exception):
    """A transaction that is rolled back, with the positions it took."""


async def _append(tx: Tx, roots: Sequence[UUID], count: int) -> None:
    await outbox.append_events(tx, [refused(roots[n % len(roots)]) for n in range(count)])


async def _is_empty(pool: asyncpg.Pool) -> bool:
    return not await pool.fetchval("SELECT EXISTS (SELECT FROM outbox)")


async def _is_true(fact: bool) -> bool:
    return fact


async def _sent(kafka: str, topic: str) -> dict[str, list[int]]:
    """The numbers of each key, as they stand on the wire."""
    reader = AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed")
    await reader.start()
    places = [TopicPartition(topic, n) for n in range(topics.DOSSIER_EVENTS.partitions)]
    reader.assign(places)
    await reader.seek_to_beginning(*places)
    left = sum((await reader.end_offsets(places)).values())
    found: dict[str, list[int]] = defaultdict(list)
    while left:
        for records in (await reader.getmany(timeout_ms=500, max_records=5000)).values():
            left -= len(records)
            for record in records:
                found[(record.key or b"").decode()].append(_seq(record))
    await reader.stop()
    return found


def _seq(record: Any) -> int:
    return next(int(value) for name, value in record.headers if name == "ce_sequence")


async def race(admin_url: str, kafka: str, rows: int, seed: int) -> Counted:
    """A race in a database and on a topic of its own."""
    database = await used_again.take(admin_url)
    try:
        return await Race(database, kafka, rows, random.Random(seed)).run()
    finally:
        await used_again.give_back(database)


async def _alone(admin_url: str, kafka: str, rows: int, seed: int) -> Counted:
    await databases.build_templates(admin_url)
    return await race(admin_url, kafka, rows, seed)


def main() -> int:
    """Race, print both counts; 0 when the relay missed nothing and the cursor missed some."""
    asked = argparse.ArgumentParser(prog="python -m tests.chaos.id_gap", description=__doc__)
    asked.add_argument("--rows", type=int, default=200_000)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    with real_servers() as (admin_url, kafka):
        counted = asyncio.run(_alone(admin_url, kafka, told.rows, told.seed))
    Console().print(str(counted), highlight=False)
    return 0 if not counted.relay_missed and not counted.relay_disordered and counted.cursor_missed else 1


if __name__ == "__main__":
    sys.exit(main())
