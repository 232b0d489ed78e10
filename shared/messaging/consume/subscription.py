"""One topic's way in: a FastStream batch subscriber behind a gate, and the work on each batch."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

import asyncpg
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage as FastStreamMessage

from shared.clock import machine_now
from shared.db.transaction import transaction
from shared.messaging.consume import confluent_fallback, seeking
from shared.messaging.consume.commits import OffsetCommitter
from shared.messaging.consume.poison_isolation import BatchAbandoned, apply_isolating_poison
from shared.messaging.consume.process_batch import count_batch, process_batch
from shared.messaging.consume.rebalance_gate import RebalanceGate
from shared.messaging.record.records import from_kafka
from shared.messaging.record.routes import DecodedRecord, Route
from shared.observability import correlation, metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)
Records = Sequence[ConsumerRecord[Any, Any]]
MAX_RECORDS = 500


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """Who reads: the service, which of its instances, and the prefix tests put before topics."""

    service: str
    instance: str
    bootstrap: str
    topic_prefix: str = ""


class Subscription:
    """Reads one route for as long as it is started."""

    def __init__(self, broker: KafkaBroker, pool: asyncpg.Pool, route: Route, who: GroupMembership) -> None:
        self.route, self.pool, self.topic_prefix = route, pool, who.topic_prefix
        self.gate = RebalanceGate(self._seek)
        self.last_progress_at: datetime | None = None
        self.handled = 0
        self._failed = False
        self._commits = OffsetCommitter(self._commit)
        self._bootstrap = who.bootstrap
        self._subscriber = _subscriber(broker, route, who, self.gate, self._parse)
        self._subscriber.get_msg = self._wait_for_records
        self._subscriber(self._handle)

    @property
    def consumer(self) -> Any:
        """aiokafka's consumer, None while stopped."""
        return self._subscriber.consumer

    @property
    def is_polling(self) -> bool:
        """A stray cancellation ends FastStream's loop while everything else looks well."""
        tasks = self._subscriber.tasks
        return not self._failed and any(not task.done() for task in tasks)

    async def start(self) -> None:
        """Join the group."""
        self._failed = False
        await self._subscriber.start()

    async def stop(self) -> None:
        """Take nothing new, let the running batch finish, leave."""
        self.gate.close()
        async with self.gate.busy:
            await self._commits.flush()
        await self._subscriber.stop()

    async def _wait_for_records(self, consumer: Any) -> Records:
        """Records as soon as there are any. FastStream's own sleeps blindly after a look that found none."""
        try:
            try:
                found = await consumer.getmany(timeout_ms=1000, max_records=MAX_RECORDS)
            except UnicodeDecodeError:
                return await self._read_past(consumer)
        except ConsumerStoppedError:
            raise
        except Exception:  # what this look had taken of other partitions is gone with it
            self._lose_place()
            raise
        return tuple(chain.from_iterable(found.values()))

    def _lose_place(self) -> None:
        """Whatever goes on by itself would go on behind records never handled: start anew from `consumed`."""
        log.exception("batch.lost_its_place", topic=self.route.label)
        self.gate.close()
        self._failed = True

    async def _read_past(self, consumer: Any) -> Records:
        """A header's name that is no text; what the failed look had taken already comes again too."""
        log.warning("record.header_name_unreadable", topic=self.route.label)
        generation, assigned = self.gate.generation, consumer.assignment()
        if not self.gate.ready:
            await asyncio.sleep(0.05)
            return ()
        await seeking.seek_to_stored(
            consumer, self.pool, assigned, self.topic_prefix, lambda: self.gate.is_current(generation)
        )
        return await confluent_fallback.fetch_with_confluent(consumer, assigned, self._bootstrap)

    async def _parse(self, records: Records) -> FastStreamMessage:
        return FastStreamMessage(body=b"", headers={}, raw_message=tuple(records), consumer=self.consumer)

    async def _handle(self, records: Records) -> None:
        generation = self.gate.generation
        if not self.gate.ready:
            return
        try:
            async with self.gate.busy:
                if self.gate.is_current(generation) and await self._is_next(records):
                    await self._work(records, lambda: self.gate.is_current(generation))
        except Exception:  # FastStream would go on behind this batch
            self._lose_place()

    async def _is_next(self, records: Records) -> bool:
        """Whether the consumer stands right behind this batch: a seek since then makes it a stale one."""
        last = _last_offsets(records)
        try:
            stands = {place: await self.consumer.position(place) for place in last}
        except IllegalStateError:
            return False
        return all(stands[place] > offset for place, offset in last.items())

    async def _work(self, records: Records, ours: Callable[[], bool]) -> None:
        reads = [self.route.read(from_kafka(record, self.topic_prefix)) for record in records]
        try:
            await self._insist(reads, ours)
        except BatchAbandoned:
            return
        self.last_progress_at = machine_now()
        self.handled += 1
        self._commits.mark({place: offset + 1 for place, offset in _last_offsets(records).items()})

    async def _insist(self, reads: Sequence[DecodedRecord], ours: Callable[[], bool]) -> None:
        """An exception may not leave us: FastStream would swallow it and go on to the next records."""
        while True:
            try:
                await apply_isolating_poison(reads, self._apply, self._set_aside, ours)
                return
            except BatchAbandoned:
                raise
            except Exception:
                log.exception("batch.stuck", topic=self.route.label)
                await asyncio.sleep(0.5)

    async def _apply(self, reads: Sequence[DecodedRecord]) -> None:
        with metrics.STAGE.labels(f"handle {self.route.label}").time():
            async with transaction(self.pool) as tx:
                what = await process_batch(tx, self.route, reads)
        correlation.set_batch_traces({})
        count_batch(what, self.route.label)

    async def _set_aside(self, read: DecodedRecord, failure: Exception) -> None:
        log.warning("record.broke_its_batch", topic=read.record.topic, error=type(failure).__name__)
        await self._apply([replace(read, broken=failure)])

    async def _seek(self, assigned: Collection[TopicPartition], ours: Callable[[], bool]) -> None:
        await seeking.seek_to_stored(self.consumer, self.pool, assigned, self.topic_prefix, ours)
        log.info("partitions.assigned", topic=self.route.label, partitions=len(assigned))

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        if self.consumer is not None:
            await self.consumer.commit(dict(offsets))


async def _as_it_is(message: FastStreamMessage) -> Any:
    """With one argument a decoder replaces FastStream's own, which would try to read the bytes."""
    return message.raw_message


def _subscriber(
    broker: KafkaBroker, route: Route, who: GroupMembership, gate: RebalanceGate, parse: Any
) -> Any:
    topics = [who.topic_prefix + route.topic] if route.topic else []
    pattern = f"{re.escape(who.topic_prefix)}{route.pattern}" if route.pattern else None
    group = f"{who.topic_prefix}{who.service}.{route.label}"
    subscriber: Any = broker.subscriber(
        *topics,
        pattern=pattern,
        group_id=group,
        group_instance_id=f"{group}-{who.instance}",
        batch=True,
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
        auto_offset_reset="earliest",
        max_records=MAX_RECORDS,
        fetch_max_wait_ms=500,
        session_timeout_ms=30_000,
        rebalance_timeout_ms=60_000,
        max_poll_interval_ms=86_400_000,
        listener=gate,
        parser=parse,
        decoder=_as_it_is,
        include_in_schema=False,
    )
    return subscriber


def _last_offsets(records: Records) -> dict[TopicPartition, int]:
    last: dict[TopicPartition, int] = {}
    for record in records:
        place = TopicPartition(record.topic, record.partition)
        last[place] = max(last.get(place, -1), record.offset)
    return last
