"""An aiokafka consumer that starts at the table `consumed` and returns only the records that follow."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import ConsumerStoppedError, IllegalStateError

from shared.events import topics as event_topics
from shared.messaging.fetch import confluent_fallback, seeking
from shared.messaging.fetch.commits import OffsetCommitter
from shared.messaging.fetch.party_topics import PartyTopics
from shared.messaging.fetch.passed_offsets import PassedOffsets
from shared.messaging.fetch.rebalance_gate import RebalanceGate
from shared.messaging.record import positions
from shared.observability.logs import get_logger

log = get_logger(__name__)
RawRecord = ConsumerRecord[Any, Any]
MAX_RECORDS = 500
POLL_MILLISECONDS = 1000
ANSWER_SECONDS = 10
READ_COMMITTED: dict[str, Any] = {"isolation_level": "read_committed"}
PASSED_SECONDS = 1.0
"""Seconds between two looks for positions that moved without a record."""


class FencedConsumer(AIOKafkaConsumer):
    """The consumer of each FastStream subscriber, in place of `AIOKafkaConsumer`.

    `getmany` waits until there are records, so FastStream never sleeps after an empty answer. Offsets are
    committed to Kafka but not used. Only committed records are read: nothing of a transaction that is open or
    was aborted.
    """

    def __init__(
        self,
        *,
        pool: asyncpg.Pool,
        topic_prefix: str,
        bootstrap: str,
        party_topics: PartyTopics | None = None,
        **options: Any,
    ) -> None:
        super().__init__(bootstrap_servers=bootstrap, **{**options, **READ_COMMITTED})
        self.gate = RebalanceGate(self._seek)
        self.failed = False
        self.batch_generation = -1
        self._commits = OffsetCommitter(self._commit_offsets)
        self._passed, self._passed_checked_at = PassedOffsets(), 0.0
        self._pool, self._topic_prefix, self._bootstrap = pool, topic_prefix, bootstrap
        self._party_topics, self._follows_parties = party_topics, False
        self._forgotten_parties: tuple[str, ...] = ()

    def subscribe(
        self,
        topics: Collection[str] = (),
        pattern: str | None = None,
        listener: ConsumerRebalanceListener | None = None,
    ) -> None:
        """Subscribe with the gate as listener; FastStream's own listener only logs.

        Parties' topics are subscribed after the start, because a missing one would make the start fail.
        """
        self._follows_parties = f"{self._topic_prefix}{event_topics.REPLIES_TEMPLATE}" in topics
        if not self._follows_parties:
            super().subscribe(topics=topics, pattern=pattern, listener=self.gate)

    async def start(self) -> None:
        """Connect, and join the group."""
        await super().start()
        await self.refresh_party_topics()

    async def refresh_party_topics(self) -> None:
        """Subscribe to parties' topics created since the last call, and drop deleted ones with their offsets.

        A topic that is made again begins at offset 0, and its first records may have offsets that were read
        in the old one. What is then read twice is a repeat for the inbox.

        Raises KafkaError, OSError, TimeoutError or what the database raises; the subscription then stays.
        """
        if self._party_topics is None or not self._follows_parties:
            return
        async with asyncio.timeout(ANSWER_SECONDS):
            names = await self._party_topics.select(await self.topics())
        if names and names != self.subscription():
            self.gate.close()
            async with self.gate.busy:
                super().subscribe(topics=sorted(names), listener=self.gate)
        missing = self._party_topics.missing
        if missing != self._forgotten_parties:
            gone = [event_topics.replies_topic(party).name for party in missing]
            await positions.forget_topics(self._pool, gone)
            self._forgotten_parties = missing

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[RawRecord]]:
        """Return at least one record, once every assigned partition is positioned.

        Raises ConsumerStoppedError when stopped or when the position was lost: both end FastStream's loop.
        """
        while not self.failed:
            await self._store_passed()
            records = await self._poll(max_records or MAX_RECORDS)
            if records and self.gate.ready:
                self.batch_generation = self.gate.generation
                self._passed.give_out(next_offsets(list(chain.from_iterable(records.values()))))
                return records
        raise ConsumerStoppedError

    async def is_right_behind(self, records: Sequence[RawRecord]) -> bool:
        """Whether the position is right behind these records; a seek since then makes them stale."""
        offsets = next_offsets(records)
        try:
            current = {place: await self.position(place) for place in offsets}
        except IllegalStateError:
            return False
        return all(current[place] >= offset for place, offset in offsets.items())

    def mark_handled(self, records: Sequence[RawRecord]) -> None:
        """Note that these records are committed in PostgreSQL, to commit their offsets to Kafka later."""
        offsets = next_offsets(records)
        self._commits.mark(offsets)
        self._passed.mark_handled(offsets)

    def lose_place(self) -> None:
        """End FastStream's loop, which would continue behind unhandled records; restart from `consumed`."""
        log.exception("consumer.restarted", topics=sorted(self.subscription()))
        self.gate.close()
        self.failed = True

    async def stop(self) -> None:
        """Stop fetching, let the running batch finish, and leave the group."""
        self.gate.close()
        async with self.gate.busy:
            await self._commits.flush()
        await super().stop()

    async def _poll(self, max_records: int) -> dict[TopicPartition, list[RawRecord]]:
        try:
            try:
                return await super().getmany(timeout_ms=POLL_MILLISECONDS, max_records=max_records)
            except UnicodeDecodeError:
                return await self._read_with_confluent()
        except ConsumerStoppedError:
            raise
        except Exception:  # records of other partitions in this fetch are lost with it
            self.lose_place()
            return {}

    async def _read_with_confluent(self) -> dict[TopicPartition, list[RawRecord]]:
        """Read past a header name that is not UTF-8; other records of the failed fetch are read again."""
        log.warning("record.header_unreadable", topics=sorted(self.subscription()))
        generation, assigned = self.gate.generation, self.assignment()
        if not self.gate.ready:
            await asyncio.sleep(0.05)
            return {}
        await self._seek(assigned, lambda: self.gate.is_current(generation))
        records: dict[TopicPartition, list[RawRecord]] = {}
        for record in await confluent_fallback.fetch_with_confluent(self, assigned, self._bootstrap):
            records.setdefault(TopicPartition(record.topic, record.partition), []).append(record)
        return records

    async def _seek(self, assigned: Collection[TopicPartition], still_ours: Callable[[], bool]) -> None:
        await seeking.seek_to_stored(
            self,
            self._pool,
            assigned,
            prefix=self._topic_prefix,
            bootstrap=self._bootstrap,
            is_current=still_ours,
        )
        if still_ours():
            self._passed.start_at(await self._positions(assigned))
        log.info("partitions.assigned", topics=sorted(self.subscription()), partitions=len(assigned))

    async def _store_passed(self) -> None:
        """Store positions that moved without a record, past the markers of transactions and aborted records.

        Otherwise a partition that ends with one would never count as read, here or at another instance.
        """
        generation, now = self.gate.generation, time.monotonic()
        if not self.gate.ready or now < self._passed_checked_at + PASSED_SECONDS:
            return
        self._passed_checked_at = now
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                passed = self._passed.beyond_handled(await self._positions(self.assignment()))
                if passed:
                    async with self.gate.busy:
                        if self.gate.is_current(generation):
                            await self._save_passed(passed)
        except Exception as failure:
            log.warning("offsets.passing_failed", error=type(failure).__name__)

    async def _save_passed(self, passed: Mapping[TopicPartition, int]) -> None:
        prefix = self._topic_prefix
        await positions.pass_over(
            self._pool, {(tp.topic.removeprefix(prefix), tp.partition): at for tp, at in passed.items()}
        )
        self._passed.mark_handled(passed)

    async def _positions(self, places: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return {place: await self.position(place) for place in places}

    async def _commit_offsets(self, offsets: Mapping[TopicPartition, int]) -> None:
        await self.commit(dict(offsets))


def next_offsets(records: Sequence[RawRecord]) -> dict[TopicPartition, int]:
    """The offset after the last of these records in each partition."""
    offsets: dict[TopicPartition, int] = {}
    for record in records:
        place = TopicPartition(record.topic, record.partition)
        offsets[place] = max(offsets.get(place, 0), record.offset + 1)
    return offsets
