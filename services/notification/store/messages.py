"""Messages: planned, taken for sending, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from uuid import UUID

import asyncpg

from services.notification.domain.channels.registry import channels_with_receipts
from services.notification.domain.message import MessageState, MessageStatus
from shared.db.parameter_rows import ParameterRows
from shared.db.table import Table
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


TABLE = Table("messages", Message, key="id", beside=("state",))
COLUMNS = TABLE.columns
"""Of a message, with its state."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of one message that was being sent."""

    id: UUID
    state: str
    reason: str | None
    carrier_ref: str | None
    refusals: int
    wait_seconds: float
    was_sent: bool


ATTEMPTS = ParameterRows(_Attempt)


async def insert(tx: Tx, messages: Sequence[Message]) -> set[UUID]:
    """Keep these as planned; answers which are new (the constraint lets none be planned twice)."""
    planned = [MessageState.PLANNED] * len(messages)
    return await TABLE.insert_new(
        tx, messages, unique="event_ref, event, subject_ref, channel", state=planned
    )


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
    return [TABLE.read(row) for row in sorted(rows, key=itemgetter("position"))]


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
    return [TABLE.read(row) for row in rows]


async def record_attempts(tx: Tx, statuses: Sequence[tuple[UUID, MessageStatus]], at: datetime) -> set[UUID]:
    """What became of messages being sent; answers those that were indeed in the air. `at` is city time."""
    rows = await tx.fetch(
        f"""UPDATE messages SET state = given.state, reason = given.reason, carrier_ref = given.carrier_ref,
                  refusals = given.refusals, claimed_by = NULL,
                  retry_at = clock_timestamp() + make_interval(secs => given.wait_seconds),
                  sent_at = CASE WHEN given.was_sent THEN $2::timestamptz END,
                  settled_at = CASE WHEN given.state NOT IN ('planned', 'sent') THEN $2::timestamptz END
             FROM {ATTEMPTS.sql()}
            WHERE messages.id = given.id AND messages.state = 'sending' RETURNING messages.id""",  # noqa: S608
        ATTEMPTS.parameter([_attempt(id, status) for id, status in statuses]),
        at,
    )
    return {row["id"] for row in rows}


def _attempt(id: UUID, status: MessageStatus) -> _Attempt:
    return _Attempt(
        id=id,
        state=status.state,
        reason=status.reason,
        carrier_ref=status.carrier_ref,
        refusals=status.refusals,
        wait_seconds=status.wait_seconds,
        was_sent=status.was_sent,
    )


async def record_receipts(
    tx: Tx, receipts: Sequence[tuple[str, MessageState, str | None]], at: datetime
) -> list[tuple[Message, str]]:
    """What final receipts say of sent messages: those that come to this end, each with its carrier reference.

    No join: where few texts are thought to wait for a receipt, the planner compares each of them with each.
    """
    ends = {ref: {"state": state, "reason": reason} for ref, state, reason in receipts}
    rows = await tx.fetch(
        f"""UPDATE messages SET state = $2::jsonb -> carrier_ref ->> 'state',
                   reason = $2::jsonb -> carrier_ref ->> 'reason', settled_at = $3
             WHERE carrier_ref = ANY($1) AND carrier_ref IS NOT NULL AND state = 'sent'
         RETURNING {COLUMNS}, carrier_ref""",  # noqa: S608  (as above)
        list(ends),
        ends,
        at,
    )
    return [(TABLE.read(row), row["carrier_ref"]) for row in rows]


async def count_waiting(tx: Tx | asyncpg.Pool) -> Mapping[str, int]:
    """What is still to be done: notices that could be addressed, messages not yet out."""
    row = await tx.fetchrow(
        """SELECT (SELECT count(*) FROM notices JOIN contacts USING (subject_ref)
                    WHERE state = 'waiting') AS to_address,
                  (SELECT count(*) FROM notices WHERE state = 'waiting') AS without_contact,
                  (SELECT count(*) FROM messages WHERE state = 'planned') AS to_send,
                  (SELECT count(*) FROM messages WHERE state = 'sending') AS sending,
                  (SELECT count(*) FROM messages
                    WHERE state = 'sent' AND channel = ANY($1)) AS without_receipt""",
        channels_with_receipts(),
    )
    counts = dict(row or {})
    counts["without_contact"] = counts["without_contact"] - counts["to_address"]
    return counts
