"""What routing and notification say of our dossiers: the tables `case_views` and `notices`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from services.intake.domain.tracking.followed_case import FollowedCase, Reasons
from shared.clock import to_city_time
from shared.db.transaction import Tx
from shared.events.case import CaseState
from shared.events.envelope import decode_data, encode_data

_REASONS = TypeAdapter(Reasons).validate_python


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole state of a case as last told."""

    root_id: UUID
    seq: int
    followed: FollowedCase
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message to the citizen: what it was about, by which way, and what became of it."""

    message_id: UUID
    root_id: str
    template: str
    channel: str
    state: str
    reason: str | None
    at: datetime
    first_at: datetime


async def save_cases(tx: Tx, views: Sequence[CaseView]) -> None:
    """The newest state of each root; an older one never replaces it. What it keeps is added to."""
    await tx.execute(
        """INSERT INTO case_views (root_id, seq, state, told, updated_at)
           SELECT root_id, seq, state, told::jsonb || jsonb_build_object('kept', kept::jsonb), updated_at
             FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                  AS new (root_id, seq, state, told, kept, updated_at) ORDER BY root_id
           ON CONFLICT (root_id) DO UPDATE
              SET seq = EXCLUDED.seq, state = EXCLUDED.state, updated_at = EXCLUDED.updated_at,
                  told = EXCLUDED.told || jsonb_build_object(
                      'kept', coalesce(case_views.told -> 'kept', '{}')
                              || jsonb_strip_nulls(EXCLUDED.told -> 'kept'))
            WHERE case_views.seq < EXCLUDED.seq""",
        [view.root_id for view in views],
        [view.seq for view in views],
        [view.followed.state.state for view in views],
        [encode_data(view.followed.state).decode() for view in views],
        [orjson.dumps(view.followed.reasons).decode() for view in views],
        [view.updated_at for view in views],
    )


async def save_notices(tx: Tx, notices: Sequence[MessageView]) -> None:
    """The newest state of each message."""
    await tx.execute(
        """INSERT INTO notices (message_id, root_id, template, channel, state, reason, first_at, at)
           SELECT message_id, root_id, template, channel, state, reason, first_at, at
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                         $7::timestamptz[], $8::timestamptz[])
                  AS new (message_id, root_id, template, channel, state, reason, first_at, at)
            ORDER BY message_id
           ON CONFLICT (message_id) DO UPDATE
              SET state = EXCLUDED.state, reason = EXCLUDED.reason, at = EXCLUDED.at""",
        [notice.message_id for notice in notices],
        [notice.root_id for notice in notices],
        [notice.template for notice in notices],
        [notice.channel for notice in notices],
        [notice.state for notice in notices],
        [notice.reason for notice in notices],
        [notice.first_at for notice in notices],
        [notice.at for notice in notices],
    )


async def case_of(tx: Tx, root_id: UUID) -> FollowedCase | None:
    """The last state of this case that routing published."""
    stored = await tx.fetchval("SELECT told FROM case_views WHERE root_id = $1", root_id)
    return (
        FollowedCase(decode_data(CaseState, stored), _REASONS(stored.get("kept") or {})) if stored else None
    )


async def notices_of(tx: Tx, root_id: UUID) -> list[MessageView]:
    """The messages sent about this dossier, oldest first."""
    rows = await tx.fetch(
        """SELECT message_id, root_id, template, channel, state, reason, at, first_at
             FROM notices WHERE root_id = $1 ORDER BY first_at, message_id""",
        str(root_id),
    )
    return [
        MessageView(**{**dict(row), "at": to_city_time(row["at"]), "first_at": to_city_time(row["first_at"])})
        for row in rows
    ]
