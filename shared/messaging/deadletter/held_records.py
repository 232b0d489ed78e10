"""Held records: listing, reading and dropping."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import asyncpg

from shared.actor import Actor
from shared.db.transaction import Tx, transaction
from shared.messaging.deadletter import held_store
from shared.messaging.record import positions
from shared.messaging.record.classify import Key
from shared.messaging.record.records import unpack_headers
from shared.observability.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A held record without its bytes. `reason`: poison, gap, behind, unreadable, kept."""

    id: int
    topic: str
    partition: int
    offset: int
    key: str
    ce_id: str | None
    ce_type: str | None
    seq: int | None
    reason: str
    blocks: bool
    code: str
    detail: str
    held_at: datetime
    attempts: int
    closed_at: datetime | None
    closed_how: str | None
    closed_by: dict[str, str] | None
    closed_why: str | None


@dataclass(frozen=True, slots=True)
class HeldRecordDetail:
    """A held record with its original headers and value as text (replaced where not UTF-8)."""

    record: HeldRecord
    headers: list[tuple[str, str | None]]
    value: str | None


@dataclass(frozen=True, slots=True)
class HeldOutcome:
    """The outcome for one held record: replayed, dropped, held (`detail` says why), closed or unknown."""

    id: int
    outcome: str
    detail: str = ""


_COLUMNS = ", ".join(
    "record_offset AS offset" if field.name == "offset" else field.name for field in fields(HeldRecord)
)


async def list_held(pool: asyncpg.Pool, *, closed: bool = False, limit: int = 500) -> list[HeldRecord]:
    """The newest open (or closed) records, newest first."""
    rows = await pool.fetch(
        f"SELECT {_COLUMNS} FROM held WHERE (closed_at IS NOT NULL) = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608
        closed,
        limit,
    )
    return [HeldRecord(**row) for row in rows]


async def read_held(pool: asyncpg.Pool, held_id: int) -> HeldRecordDetail | None:
    """One record with its original; None if unknown."""
    row = await pool.fetchrow(
        f"SELECT {_COLUMNS}, value, headers FROM held WHERE id = $1",  # noqa: S608
        held_id,
    )
    if row is None:
        return None
    values = dict(row)
    value, packed = values.pop("value"), values.pop("headers")
    headers = [(name, _text(content)) for name, content in unpack_headers(packed)]
    return HeldRecordDetail(HeldRecord(**values), headers, _text(value))


async def drop_held(
    pool: asyncpg.Pool, ids: Sequence[int], *, reason: str, actor: Actor
) -> list[HeldOutcome]:
    """Give records up for good. Records queued behind them still need a replay.

    Only the head of a key's queue can be dropped: dropping another would hide those before it.
    """
    if not reason.strip():
        raise ValueError("a dropped record needs a reason")
    async with transaction(pool) as tx:
        keys = await _keys_of_ids(tx, ids)
        await held_store.lock_parked(tx, keys)
        outcomes, passed_sequences = _decide_drops(ids, await _lock_open(tx, ids, keys))
        dropped = [held_id.id for held_id in outcomes if held_id.outcome == "dropped"]
        await held_store.close_held(tx, dropped, "dropped", actor, reason.strip())
        await positions.save_sequences(tx, passed_sequences)
        await held_store.unpark_empty(tx, keys)
    for held_id in dropped:
        log.warning("held.dropped", held_id=held_id, why=reason, by=actor.id or actor.kind)
    return outcomes


def _decide_drops(
    ids: Sequence[int], rows: Sequence[asyncpg.Record]
) -> tuple[list[HeldOutcome], dict[Key, int]]:
    """Decide which to drop, and which sequence numbers then count as seen, so that no gap remains."""
    requested, outcomes, passed_sequences, blocked_keys = (
        set(ids),
        dict[int, HeldOutcome](),
        dict[Key, int](),
        set[Key](),
    )
    for row in rows:
        key = (row["topic"], row["key"])
        is_queued = row["blocks"] and row["seq"] is not None
        if row["id"] not in requested:
            blocked_keys |= {key} if is_queued else set()
        elif is_queued and key in blocked_keys:
            outcomes[row["id"]] = HeldOutcome(row["id"], "held", "an earlier record of this key comes first")
        else:
            outcomes[row["id"]] = HeldOutcome(row["id"], "dropped")
            if is_queued:
                passed_sequences[key] = row["seq"]
    return [
        outcomes.get(held_id, HeldOutcome(held_id, "unknown", "no such open record")) for held_id in ids
    ], passed_sequences


async def _keys_of_ids(tx: Tx, ids: Sequence[int]) -> list[Key]:
    rows = await tx.fetch("SELECT DISTINCT topic, key FROM held WHERE id = ANY($1) ORDER BY 1, 2", list(ids))
    return [(row["topic"], row["key"]) for row in rows]


async def _lock_open(tx: Tx, ids: Sequence[int], keys: Sequence[Key]) -> list[asyncpg.Record]:
    """Lock these open records and all in the queues of their keys, in the order of each queue."""
    return await tx.fetch(
        """SELECT id, topic, key, seq, blocks FROM held
            WHERE closed_at IS NULL AND (id = ANY($1)
               OR (blocks AND (topic, key) IN (SELECT * FROM unnest($2::text[], $3::text[]))))
            ORDER BY topic, key, seq NULLS LAST, partition, record_offset FOR UPDATE""",
        list(ids),
        [topic for topic, _ in keys],
        [key for _, key in keys],
    )


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")
