"""Guarantees broken on purpose: how each would look if somebody had been careless. Applied in tests only."""

import time
from collections.abc import Sequence
from typing import Any

from services.routing.store import cases
from services.routing.store.cases import LockedCases
from shared.db.transaction import city_now, transaction
from shared.messaging.consume.process_batch import apply_batch, classify_records
from shared.messaging.publish.sender import SendResult
from shared.messaging.record import positions
from shared.messaging.record.classify import BatchDecision
from shared.messaging.record.murmur2 import SHARDS
from shared.messaging.record.records import unpack_headers
from tests.chaos.mutants.trial import Trial


def offsets_committed_early(_: Any, __: Trial) -> Any:
    """Where to go on reading is committed before the work is done."""

    async def apply(self: Any, reads: Sequence[Any]) -> None:
        upto: dict[tuple[str, int], int] = {}
        for read in reads:
            place = (read.record.topic, read.record.partition)
            upto[place] = max(upto.get(place, 0), read.record.offset + 1)
        async with transaction(self.pool) as tx:
            taken = await positions.advance_fences(tx, upto, [(r.record.topic, r.key) for r in reads])
        new = [r for r in reads if r.record.offset >= taken.fences[r.record.topic, r.record.partition]]
        async with transaction(self.pool) as tx:
            decision = await classify_records(tx, self.route, new, taken.seen, {}, digests=taken.digests)
            await apply_batch(tx, self.route, decision, self._handle)

    return apply


def seq_rule_dropped(_: Any, __: Trial) -> Any:
    """Whatever can be read applies."""

    def sort_own(reads: Sequence[Any], *_: Any, **__: Any) -> BatchDecision:
        return BatchDecision(apply=[read for read in reads if read.event is not None])

    return sort_own


def inbox_skipped(_: Any, __: Trial) -> Any:
    """Every reply counts as new."""

    async def receive_new(_tx: Any, _parties: Any, reads: Sequence[Any]) -> tuple[set[Any], set[Any]]:
        return {(read.record.partition, read.record.offset) for read in reads}, set()

    return receive_new


def deleted_before_the_acknowledgement(original: Any, _: Trial) -> Any:
    """The row goes first, then the record."""

    async def send(self: Any, sender: Any, rows: Sequence[Any]) -> SendResult:
        await self._delete_sent(SendResult([row.position for row in rows], set(), None))
        return await original(self, sender, rows)

    return send


def full_batch_ignored(_: Any, __: Trial) -> Any:
    """`append` answers None when the batch is full, and nobody looks."""

    def fill(producer: Any, rows: Sequence[Any]) -> tuple[Any, int]:
        batch, now = producer.create_batch(), time.time_ns() // 1_000_000
        for row in rows:
            headers = list(unpack_headers(row.headers))
            batch.append(timestamp=now, key=row.key, value=row.value, headers=headers)
        batch.close()
        return batch, len(rows)

    return fill


def producer_kept(original: Any, _: Trial) -> Any:
    """After a failed batch the same producer goes on."""

    async def send(self: Any, rows: Sequence[Any]) -> Any:
        sent = await original(self, rows)
        self.broken = False
        return sent

    return send


def two_holders(_: Any, __: Trial) -> Any:
    """Each relay believes that all shards are its own."""

    async def share(self: Any) -> None:
        self.held = frozenset(range(SHARDS))

    return share


def range_deleted(_: Any, __: Trial) -> Any:
    """Everything up to the last acknowledged position is deleted."""

    async def forget(self: Any, sent: SendResult) -> None:
        if sent.acknowledged:
            await self.pool.execute("DELETE FROM outbox WHERE position <= $1", max(sent.acknowledged))

    return forget


def key_not_parked(_: Any, __: Trial) -> Any:
    """The record is held, but its key goes on."""

    async def park(*_: Any) -> None:
        return

    return park


def audit_outside(original: Any, trial: Trial) -> Any:
    """The line is committed by itself."""

    async def append(_tx: Any, lines: Sequence[Any]) -> None:
        async with transaction(trial.routing) as own:
            await original(own, lines)

    return append


def any_receipt_accepted(original: Any, _: Trial) -> Any:
    """A receipt is told to some sent text, not to its own."""

    async def deliver(tx: Any, told: Sequence[tuple[str, Any, Any]], at: Any) -> Any:
        refs = await tx.fetch("SELECT carrier_ref FROM messages WHERE state = 'sent' ORDER BY 1")
        other = {ref: next((r[0] for r in refs if r[0] != ref), ref) for ref, _, _ in told}
        delivered = await original(tx, [(other[ref], state, why) for ref, state, why in told], at)
        return [(message, told[0][0]) for message, _ in delivered]

    return deliver


def root_not_locked(_: Any, __: Trial) -> Any:
    """Cases are read without a lock."""

    async def lock_now(tx: Any, roots: Any) -> LockedCases:
        return LockedCases(await cases.read_cases(tx, roots), "", await city_now(tx))

    return lock_now


def abandoned_sent_again(_: Any, __: Trial) -> Any:
    """What a dead sender left is simply sent again."""

    async def doubt(pool: Any, _lock_class: int, **_: Any) -> int:
        await pool.execute("UPDATE messages SET state = 'planned', claimed_by = NULL WHERE state = 'sending'")
        return 0

    return doubt
