"""The table `told_before`: states published before a database restore, by event, dossier and channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notification.domain.message import MessageState
from services.notification.store import messages
from services.notification.store.messages import Message
from services.notification.store.notices import Notice
from shared.db.parameter_rows import ParameterRows
from shared.db.table import Table
from shared.db.transaction import Tx

SETTLED = (
    MessageState.SENT,
    MessageState.DELIVERED,
    MessageState.FAILED,
    MessageState.AMBIGUOUS,
    MessageState.SUPPRESSED,
)


@dataclass(frozen=True, slots=True)
class PublishedMessageState:
    """The last published state of a message."""

    event_ref: str
    event: str
    root_id: UUID
    channel: str
    message_id: UUID
    state: MessageState
    reason: str | None
    at: datetime


TABLE = Table(
    "told_before",
    PublishedMessageState,
    key="event_ref, event, root_id, channel",
    fixed=("event_ref", "event", "root_id", "channel"),
)


@dataclass(frozen=True, slots=True)
class _NoticeKey:
    id: UUID
    event_ref: str
    event: str
    root_id: UUID


KEYS = ParameterRows(_NoticeKey)


async def save_published(tx: Tx, published: Sequence[PublishedMessageState]) -> None:
    """Store these states; a later one replaces an earlier one."""
    await TABLE.upsert(tx, published)


async def message_ids_of(tx: Tx, notices: Sequence[Notice]) -> dict[tuple[UUID, str], UUID]:
    """The earlier ids of messages of these notices, by notice and channel."""
    rows = await tx.fetch(
        f"""SELECT asked.id, channel, message_id FROM told_before
             JOIN {KEYS.sql(name="asked")} USING (event_ref, event, root_id)""",  # noqa: S608
        KEYS.parameter([_notice_key(notice) for notice in notices]),
    )
    return {(row["id"], row["channel"]): row["message_id"] for row in rows}


def _notice_key(notice: Notice) -> _NoticeKey:
    return _NoticeKey(notice.id, notice.trigger.event_ref, notice.trigger.event, notice.root_id)


async def restore_states(
    tx: Tx, ids: Sequence[UUID] | None = None
) -> list[tuple[UUID, UUID, MessageState, str | None]]:
    """Give messages that are not settled here their published state. `ids`: None for all messages.

    Returns (root, id, state, reason) of each.
    """
    rows = await tx.fetch(
        """UPDATE messages AS m SET state = t.state, reason = t.reason, claimed_by = NULL,
                  sent_at = CASE WHEN t.state IN ('sent', 'delivered') THEN coalesce(m.sent_at, t.at)
                                 ELSE m.sent_at END,
                  settled_at = CASE WHEN t.state <> 'sent' THEN t.at END
             FROM told_before AS t
            WHERE (t.event_ref, t.event, t.root_id, t.channel) = (m.event_ref, m.event, m.root_id, m.channel)
              AND (m.state IN ('planned', 'sending') OR (m.state = 'sent' AND t.state <> 'sent'))
              AND ($1::uuid[] IS NULL OR m.id = ANY($1))
        RETURNING m.root_id, m.id, m.state, m.reason""",
        list(ids) if ids is not None else None,
    )
    return [(row["root_id"], row["id"], MessageState(row["state"]), row["reason"]) for row in rows]


async def list_unresolved(tx: Tx) -> list[Message]:
    """Messages planned here without a published outcome: they may have been sent."""
    rows = await tx.fetch(
        f"SELECT {messages.COLUMNS} FROM messages"  # noqa: S608  (our own list of columns)
        " WHERE state IN ('planned', 'sending') ORDER BY position FOR UPDATE"
    )
    return [messages.TABLE.read(row) for row in rows]
