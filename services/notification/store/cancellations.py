"""Cancellation of notices and messages that ask for an action no longer awaited."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notification.domain.expiry import WAIT_OVER
from services.notification.store import messages, notices
from services.notification.store.messages import Message
from services.notification.store.notices import Notice
from shared.db.parameter_rows import ParameterRows
from shared.db.transaction import Tx

AwaitedActions: TypeAlias = Mapping[UUID, Set[str]]
"""By root, all actions that a message may still ask for."""


@dataclass(frozen=True, slots=True)
class _Awaited:
    root_id: UUID
    action: str


AWAITED = ParameterRows(_Awaited)


async def cancel_notices(tx: Tx, awaited: AwaitedActions, reason: str) -> list[Notice]:
    """Silence the outdated notices that have no message yet, and return them."""
    rows = await tx.fetch(
        f"""UPDATE notices SET state = 'silent', silence = $3
            WHERE root_id = ANY($1) AND state = 'waiting' AND waits_on IS NOT NULL
              AND (root_id, waits_on) NOT IN (SELECT root_id, action FROM {AWAITED.sql("$2")})
        RETURNING {notices.COLUMNS}""",  # noqa: S608  (our own list of columns)
        list(awaited),
        _awaited_rows(awaited),
        reason,
    )
    return [notices.TABLE.read(row) for row in rows]


async def suppress_messages(tx: Tx, awaited: AwaitedActions, reason: str, at: datetime) -> list[Message]:
    """Suppress the outdated planned messages, and return them.

    One that is being sent is marked, so that it is not retried if the attempt fails.
    """
    rows = await tx.fetch(
        f"""UPDATE messages
               SET state = CASE state WHEN 'planned' THEN 'suppressed' ELSE state END,
                   reason = CASE state WHEN 'planned' THEN $3 ELSE reason END,
                   settled_at = CASE state WHEN 'planned' THEN $4::timestamptz END,
                   waits_on = CASE state WHEN 'planned' THEN waits_on ELSE $5 END
             WHERE root_id = ANY($1) AND state IN ('planned', 'sending') AND waits_on IS NOT NULL
               AND (root_id, waits_on) NOT IN (SELECT root_id, action FROM {AWAITED.sql("$2")})
         RETURNING {messages.COLUMNS}""",  # noqa: S608  (our own list of columns)
        list(awaited),
        _awaited_rows(awaited),
        reason,
        at,
        WAIT_OVER,
    )
    return [messages.TABLE.read(row) for row in rows if row["state"] == "suppressed"]


def _awaited_rows(awaited: AwaitedActions) -> str:
    rows: list[_Awaited] = []
    for root, actions in awaited.items():
        rows += [_Awaited(root, action) for action in actions]
    return AWAITED.parameter(rows)
