"""Messages: planned, taken for sending, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import itemgetter
from uuid import UUID

import asyncpg

from services.notification.domain.message import MessageState, MessageStatus
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its words: what is told about it on the bus and in the audit line."""

    id: UUID
    notice_id: UUID
    event_ref: str
    event: str
    subject_ref: UUID
    root_id: UUID
    dossier_id: UUID | None
    code: str
    template: str
    words_digest: str
    channel: str
    sealed: bytes
    encoding: str | None
    segments: int | None
    planned_at: datetime
    traceparent: str | None = None
    refusals: int = 0
    useful_until: datetime | None = None
    waits_on: str | None = None


COLUMNS = ", ".join(field.name for field in fields(Message))
"""In the order of the fields, so that a row is a message's arguments."""


async def insert(tx: Tx, messages: Sequence[Message]) -> set[UUID]:
    """Keep these as planned; answers which are new (the constraint lets none be planned twice)."""
    rows = await tx.fetch(
        """INSERT INTO messages (id, notice_id, event_ref, event, subject_ref, root_id, dossier_id, code,
                                 template, words_digest, channel, sealed, encoding, segments, state,
                                 planned_at, traceparent, useful_until, waits_on)
           SELECT id, notice_id, event_ref, event, subject_ref, root_id, dossier_id, code, template,
                  words_digest, channel, sealed, encoding, segments, 'planned', planned_at, traceparent,
                  useful_until, waits_on
             FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[],
                         $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::text[],
                         $14::smallint[], $15::timestamptz[], $16::text[], $17::timestamptz[], $18::text[])
               AS given (id, notice_id, event_ref, event, subject_ref, root_id, dossier_id, code, template,
                         words_digest, channel, sealed, encoding, segments, planned_at, traceparent,
                         useful_until, waits_on)
           ON CONFLICT (event_ref, event, subject_ref, channel) DO NOTHING RETURNING id""",
        [m.id for m in messages],
        [m.notice_id for m in messages],
        [m.event_ref for m in messages],
        [m.event for m in messages],
        [m.subject_ref for m in messages],
        [m.root_id for m in messages],
        [m.dossier_id for m in messages],
        [m.code for m in messages],
        [m.template for m in messages],
        [m.words_digest for m in messages],
        [m.channel for m in messages],
        [m.sealed for m in messages],
        [m.encoding for m in messages],
        [m.segments for m in messages],
        [m.planned_at for m in messages],
        [m.traceparent for m in messages],
        [m.useful_until for m in messages],
        [m.waits_on for m in messages],
    )
    return {row["id"] for row in rows}


async def claim_due(tx: Tx, channel: str, lease: int, limit: int) -> list[Message]:
    """Take what is due on this channel, oldest first, and mark it `sending` under this sender's lease."""
    rows = await tx.fetch(
        f"""UPDATE messages SET state = 'sending', claimed_by = $2
             WHERE id IN (SELECT id FROM messages
                           WHERE state = 'planned' AND channel = $1 AND retry_at <= clock_timestamp()
                           ORDER BY position LIMIT $3 FOR UPDATE SKIP LOCKED)
         RETURNING {COLUMNS}, position""",  # noqa: S608  (our own list of columns)
        channel,
        lease,
        limit,
    )
    return [Message(*row[:-1]) for row in sorted(rows, key=itemgetter("position"))]


async def release_unsent(tx: Tx, ids: Sequence[UUID], lease: int) -> None:
    """These were taken by this sender and certainly not sent: they are planned again."""
    await tx.execute(
        """UPDATE messages SET state = 'planned', claimed_by = NULL
            WHERE id = ANY($1) AND state = 'sending' AND claimed_by = $2""",
        ids,
        lease,
    )


async def mark_abandoned(tx: Tx, lock_class: int, limit: int) -> list[Message]:
    """Messages left `sending` by a sender that is gone: its lease, an advisory lock, is free to take."""
    rows = await tx.fetch(
        f"""SELECT {COLUMNS} FROM messages
             WHERE state = 'sending' AND claimed_by IN (
                     SELECT lease FROM (SELECT DISTINCT claimed_by AS lease FROM messages
                                         WHERE state = 'sending') AS held
                      WHERE pg_try_advisory_xact_lock($1, lease::int))
             ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED""",  # noqa: S608  (as above)
        lock_class,
        limit,
    )
    return [Message(*row) for row in rows]


async def record_attempts(tx: Tx, statuses: Sequence[tuple[UUID, MessageStatus]], at: datetime) -> set[UUID]:
    """What became of messages being sent; answers those that were indeed in the air. `at` is city time."""
    rows = await tx.fetch(
        """UPDATE messages SET state = given.state, reason = given.reason, carrier_ref = given.carrier_ref,
                  refusals = given.refusals, claimed_by = NULL,
                  retry_at = clock_timestamp() + make_interval(secs => given.wait),
                  sent_at = CASE WHEN given.was_sent THEN $8::timestamptz END,
                  settled_at = CASE WHEN given.state NOT IN ('planned', 'sent') THEN $8::timestamptz END
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::float8[],
                         $7::bool[])
               AS given (id, state, reason, carrier_ref, refusals, wait, was_sent)
            WHERE messages.id = given.id AND messages.state = 'sending' RETURNING messages.id""",
        [id for id, _ in statuses],
        [str(status.state) for _, status in statuses],
        [status.reason for _, status in statuses],
        [status.carrier_ref for _, status in statuses],
        [status.refusals for _, status in statuses],
        [status.wait_seconds for _, status in statuses],
        [status.was_sent for _, status in statuses],
        at,
    )
    return {row["id"] for row in rows}


async def record_receipts(
    tx: Tx, receipts: Sequence[tuple[str, MessageState, str | None]], at: datetime
) -> list[tuple[Message, str]]:
    """What final receipts say of sent messages: those that come to this end, each with its carrier reference.

    No join: where few texts are thought to wait for a receipt, the planner compares each of them with each.
    """
    rows = await tx.fetch(
        f"""UPDATE messages SET state = ($2::text[])[array_position($1::text[], carrier_ref)],
                   reason = ($3::text[])[array_position($1::text[], carrier_ref)], settled_at = $4
             WHERE carrier_ref = ANY($1) AND carrier_ref IS NOT NULL AND state = 'sent'
         RETURNING {COLUMNS}, carrier_ref""",  # noqa: S608  (as above)
        [ref for ref, _, _ in receipts],
        [str(state) for _, state, _ in receipts],
        [reason for _, _, reason in receipts],
        at,
    )
    return [(Message(*row[:-1]), row["carrier_ref"]) for row in rows]


async def count_waiting(tx: Tx | asyncpg.Pool) -> Mapping[str, int]:
    """What is still to be done: notices that could be addressed, messages not yet out."""
    row = await tx.fetchrow(
        """SELECT (SELECT count(*) FROM notices JOIN contacts USING (subject_ref)
                    WHERE state = 'waiting') AS to_address,
                  (SELECT count(*) FROM notices WHERE state = 'waiting') AS without_contact,
                  (SELECT count(*) FROM messages WHERE state = 'planned') AS to_send,
                  (SELECT count(*) FROM messages WHERE state = 'sending') AS sending,
                  (SELECT count(*) FROM messages
                    WHERE state = 'sent' AND channel = 'sms') AS without_receipt"""
    )
    counts = dict(row or {})
    counts["without_contact"] = counts["without_contact"] - counts["to_address"]
    return counts
