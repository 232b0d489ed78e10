"""Replay of held records through the same handlers, with the queues of their keys, in order."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from shared.actor import Actor
from shared.db.transaction import Tx, transaction
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.inbox import message_of
from shared.messaging.consume.process_batch import apply_batch, classify_records
from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.deadletter import held_store
from shared.messaging.deadletter.held_records import HeldOutcome
from shared.messaging.faults import is_transient
from shared.messaging.record import positions
from shared.messaging.record.batch import Batch
from shared.messaging.record.classify import BatchDecision, Key
from shared.messaging.record.records import Record
from shared.observability.logs import get_logger

log = get_logger(__name__)
HeldQueue = list[tuple[int, Record]]


async def replay(
    broker: Broker, ids: Sequence[int], *, actor: Actor, over_gap: bool = False
) -> list[HeldOutcome]:
    """Replay records and everything queued at their keys. A key stops at the first that fails again.

    `over_gap`: accept that the records missing before a gap are lost.
    """
    outcomes: dict[int, HeldOutcome] = {}
    for key, single_ids in await _replay_plan(broker.pool, ids):
        reader = broker.reader_of_topic(key[0])
        if reader is None:
            for held_id in single_ids or ids:
                outcomes[held_id] = HeldOutcome(held_id, "held", f"nothing here reads {key[0]}")
            continue
        key_replay = _Replay(broker, reader, key=key, actor=actor, over_gap=over_gap)
        for outcome in await key_replay.run(single_ids):
            outcomes[outcome.id] = outcome
    missing = [held_id for held_id in ids if held_id not in outcomes]
    unknown = [HeldOutcome(held_id, "unknown", "no such open record") for held_id in missing]
    return [*outcomes.values(), *unknown]


class _Replay:
    """Replay of the queue of one key, or of one record without a queue."""

    def __init__(
        self, broker: Broker, reader: TopicReader, *, key: Key, actor: Actor, over_gap: bool
    ) -> None:
        self._broker, self._reader = broker, reader
        self._pool, self._route, self._key = broker.pool, reader.route, key
        self._actor, self._over_gap = actor, over_gap

    async def run(self, single_ids: Sequence[int]) -> list[HeldOutcome]:
        """Replay the queue in one transaction; if that fails, record by record up to the first failure."""
        done: list[HeldOutcome] = []
        size: int | None = None
        while True:
            try:
                batch_outcomes = await self._replay_batch(single_ids, size)
            except Exception as failure:
                if is_transient(failure) or size == 1:
                    return [*done, await self._record_failure(single_ids, failure)]
                size = 1  # one of them fails: replay them one by one
                continue
            done += batch_outcomes
            if not batch_outcomes or size is None or batch_outcomes[-1].outcome != "replayed":
                return done

    async def _replay_batch(self, single_ids: Sequence[int], size: int | None) -> list[HeldOutcome]:
        async with transaction(self._pool) as tx:
            await held_store.lock_parked(tx, [self._key])
            queue = (await self._queue(tx, single_ids))[:size]
            if not queue:
                await held_store.unpark_empty(tx, [self._key])
                return []
            reads = [self._route.read(record) for _, record in queue]
            sequences, digests = await positions.read_sequences(tx, [self._key])
            decision = await classify_records(
                tx, self._route, reads, sequences, {}, digests=digests, over_gap=self._over_gap
            )
            outcomes = _replay_outcomes(queue, decision)
            await apply_batch(tx, self._route, decision, self._handle)
            replayed = [outcome.id for outcome in outcomes if outcome.outcome == "replayed"]
            await held_store.close_held(tx, replayed, "replayed", self._actor)
            await held_store.unpark_empty(tx, [self._key])
        operator = self._actor.id or self._actor.kind
        for held_id in replayed:
            log.info("held.replayed", held_id=held_id, topic=self._key[0], by=operator)
        return outcomes

    async def _handle(self, tx: Tx, batch: Batch[Any]) -> None:
        """Process records as the inbox does, in this transaction."""
        with self._broker.context.scope("tx", tx):
            await self._reader.subscriber.calls[0].handler.call_wrapped(message_of(batch))

    async def _queue(self, tx: Tx, single_ids: Sequence[int]) -> HeldQueue:
        if single_ids:
            return await held_store.lock_unqueued(tx, single_ids)
        return await held_store.lock_queue(tx, self._key)

    async def _record_failure(self, single_ids: Sequence[int], failure: Exception) -> HeldOutcome:
        detail = f"{type(failure).__name__}: {failure}"[:500]
        async with transaction(self._pool) as tx:
            queue = await self._queue(tx, single_ids)
            if not queue:
                return HeldOutcome(0, "held", detail)
            await held_store.count_attempt(tx, queue[0][0], detail)
        log.warning("held.failed_again", held_id=queue[0][0], error=type(failure).__name__)
        return HeldOutcome(queue[0][0], "held", detail)


def _replay_outcomes(queue: HeldQueue, decision: BatchDecision) -> list[HeldOutcome]:
    """The outcomes: applied records and duplicates are replayed, others stay held with the reason."""
    held_details = {
        (hold.read.record.partition, hold.read.record.offset): hold.detail for hold in decision.hold
    }
    outcomes: list[HeldOutcome] = []
    for held_id, record in queue:
        detail = held_details.get((record.partition, record.offset))
        outcomes.append(
            HeldOutcome(held_id, "replayed") if detail is None else HeldOutcome(held_id, "held", detail)
        )
    return outcomes


async def _replay_plan(pool: asyncpg.Pool, ids: Sequence[int]) -> list[tuple[Key, list[int]]]:
    """The keys whose queues to replay, and the records without a queue."""
    rows = await pool.fetch(
        """SELECT id, topic, key, blocks FROM held WHERE id = ANY($1) AND closed_at IS NULL
            ORDER BY topic, key, id""",
        list(ids),
    )
    queues = dict.fromkeys((row["topic"], row["key"]) for row in rows if row["blocks"])
    single_records = [((row["topic"], row["key"]), [row["id"]]) for row in rows if not row["blocks"]]
    return [*((key, []) for key in queues), *single_records]
