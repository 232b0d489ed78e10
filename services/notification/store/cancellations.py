"""What waits to be said about a case and calls for something that is no longer awaited."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.notification.domain.expiry import WAIT_OVER
from services.notification.store.messages import COLUMNS, Message
from services.notification.store.notices import Notice, notice_from_row
from shared.db.transaction import Tx

AwaitedActions: TypeAlias = Mapping[UUID, Set[str]]
"""By root, all that a text may still call for."""


async def cancel_notices(tx: Tx, awaited: AwaitedActions, reason: str) -> list[Notice]:
    """Those not written yet become silences."""
    rows = await tx.fetch(
        """UPDATE notices SET state = 'silent', silence = $4
            WHERE root_id = ANY($1) AND state = 'waiting' AND waits_on IS NOT NULL
              AND (root_id, waits_on) NOT IN (SELECT * FROM unnest($2::uuid[], $3::text[]))
        RETURNING id, event_ref, event, subject_ref, root_id, dossier_id, template, facts,
                  planned_at, traceparent, waits_on""",
        *_awaited_arrays(awaited),
        reason,
    )
    return [notice_from_row(row) for row in rows]


async def suppress_messages(tx: Tx, awaited: AwaitedActions, reason: str, at: datetime) -> list[Message]:
    """Those planned are suppressed; answers them. One in the air is marked, should it be put off."""
    rows = await tx.fetch(
        f"""UPDATE messages
               SET state = CASE state WHEN 'planned' THEN 'suppressed' ELSE state END,
                   reason = CASE state WHEN 'planned' THEN $4 ELSE reason END,
                   settled_at = CASE state WHEN 'planned' THEN $5::timestamptz END,
                   waits_on = CASE state WHEN 'planned' THEN waits_on ELSE $6 END
             WHERE root_id = ANY($1) AND state IN ('planned', 'sending') AND waits_on IS NOT NULL
               AND (root_id, waits_on) NOT IN (SELECT * FROM unnest($2::uuid[], $3::text[]))
         RETURNING {COLUMNS}, state""",  # noqa: S608  (our own list of columns)
        *_awaited_arrays(awaited),
        reason,
        at,
        WAIT_OVER,
    )
    return [_message(dict(row)) for row in rows if row["state"] == "suppressed"]


def _message(row: dict[str, Any]) -> Message:
    del row["state"]
    return Message(**row)


def _awaited_arrays(awaited: AwaitedActions) -> tuple[list[UUID], list[UUID], list[str]]:
    pairs = [(root, name) for root, names in awaited.items() for name in names]
    return list(awaited), [root for root, _ in pairs], [name for _, name in pairs]
