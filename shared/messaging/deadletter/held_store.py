"""The tables `held` and `parked_keys`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from shared.actor import Actor
from shared.db.table import Table
from shared.db.transaction import Tx
from shared.events.wire.attributes import short_type
from shared.messaging.record.classify import HoldDecision, Key, Reason
from shared.messaging.record.records import Record, pack_headers, sanitize_text, unpack_headers


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A record as it is set aside: its original bytes, and why it could not be used."""

    topic: str
    partition: int
    record_offset: int
    key: str
    key_bytes: bytes | None
    value: bytes | None
    headers: bytes
    timestamp_ms: int
    ce_id: str | None
    ce_type: str | None
    seq: int | None
    reason: Reason
    blocks: bool
    code: str
    detail: str


HELD = Table("held", HeldRow, key="id")


async def insert_held(tx: Tx, holds: Sequence[HoldDecision]) -> None:
    """Insert records with their original bytes; for one that exists already count an attempt."""
    if not holds:
        return
    await tx.execute(
        f"""{HELD.insert_sql}
               ON CONFLICT (topic, partition, record_offset) DO UPDATE
              SET attempts = held.attempts + 1, reason = EXCLUDED.reason, code = EXCLUDED.code,
                  detail = EXCLUDED.detail""",  # noqa: S608  (our own columns)
        HELD.parameter([_held_row(hold) for hold in holds]),
    )


def _held_row(hold: HoldDecision) -> HeldRow:
    record = hold.read.record
    return HeldRow(
        topic=record.topic,
        partition=record.partition,
        record_offset=record.offset,
        key=hold.read.key,
        key_bytes=record.key,
        value=record.value,
        headers=pack_headers(record.headers),
        timestamp_ms=record.timestamp_ms,
        ce_id=hold.read.ce_id or None,
        ce_type=_type(record),
        seq=hold.read.seq,
        reason=hold.reason,
        blocks=hold.blocks,
        code=sanitize_text(hold.code, 200),
        detail=sanitize_text(hold.detail, 2000),
    )


async def park_keys(tx: Tx, keys: Mapping[Key, str]) -> None:
    """Park keys: later records of them are held too."""
    if keys:
        await tx.execute(
            """INSERT INTO parked_keys (topic, key, reason)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS new (topic, key, reason)
                ORDER BY topic, key ON CONFLICT DO NOTHING""",
            [topic for topic, _ in keys],
            [key for _, key in keys],
            list(keys.values()),
        )


async def lock_parked(tx: Tx, keys: Iterable[Key]) -> dict[Key, str]:
    """Lock those of these keys that are parked, in order: a replay and a batch of one key take turns."""
    listed = list(keys)
    rows = await tx.fetch(
        """SELECT topic, key, reason FROM parked_keys
            WHERE (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
            ORDER BY topic, key FOR UPDATE""",
        [topic for topic, _ in listed],
        [key for _, key in listed],
    )
    return {(row["topic"], row["key"]): row["reason"] for row in rows}


async def unpark_empty(tx: Tx, keys: Iterable[Key]) -> None:
    """Unpark keys whose queue is empty."""
    listed = list(keys)
    await tx.execute(
        """DELETE FROM parked_keys p
            WHERE (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
              AND NOT EXISTS (SELECT FROM held h WHERE h.topic = p.topic AND h.key = p.key
                                 AND h.closed_at IS NULL AND h.blocks)""",
        [topic for topic, _ in listed],
        [key for _, key in listed],
    )


async def lock_queue(tx: Tx, key: Key) -> list[tuple[int, Record]]:
    """Lock the open blocking records of one key, in the order of replay."""
    rows = await tx.fetch(
        """SELECT id, topic, partition, record_offset, key_bytes, value, headers, timestamp_ms FROM held
            WHERE topic = $1 AND key = $2 AND closed_at IS NULL AND blocks
            ORDER BY seq NULLS LAST, partition, record_offset FOR UPDATE""",
        *key,
    )
    return [(row["id"], record_of(row)) for row in rows]


async def lock_unqueued(tx: Tx, ids: Sequence[int]) -> list[tuple[int, Record]]:
    """Lock these open records, which are in no queue."""
    rows = await tx.fetch(
        """SELECT id, topic, partition, record_offset, key_bytes, value, headers, timestamp_ms FROM held
            WHERE id = ANY($1) AND closed_at IS NULL ORDER BY id FOR UPDATE""",
        list(ids),
    )
    return [(row["id"], record_of(row)) for row in rows]


async def count_attempt(tx: Tx, held_id: int, detail: str) -> None:
    """Count a failed replay."""
    await tx.execute(
        "UPDATE held SET attempts = attempts + 1, detail = $2 WHERE id = $1",
        held_id,
        sanitize_text(detail, 2000),
    )


async def close_held(
    tx: Tx,
    ids: Sequence[int],
    outcome: Literal["replayed", "dropped"],
    actor: Actor,
    reason: str | None = None,
) -> None:
    """Close records. Their rows stay, with who closed them and why."""
    await tx.execute(
        """UPDATE held SET closed_at = clock_timestamp(), closed_how = $2, closed_by = $3, closed_why = $4
            WHERE id = ANY($1) AND closed_at IS NULL""",
        list(ids),
        outcome,
        {name: value for name, value in asdict(actor).items() if value is not None},
        reason,
    )


def record_of(row: Any) -> Record:
    """The original record of a `held` row."""
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["record_offset"],
        key=row["key_bytes"],
        value=row["value"],
        headers=unpack_headers(row["headers"]),
        timestamp_ms=row["timestamp_ms"],
    )


def _type(record: Record) -> str | None:
    kind = record.header("ce_type")
    return None if kind is None else sanitize_text(short_type(kind), 200)
