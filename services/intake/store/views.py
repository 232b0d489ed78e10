"""The tables `case_views` (updates of routing) and `notices` (results of notification)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from services.intake.domain.tracking.followed_case import FollowedCase, Reasons
from shared.db.table import Table
from shared.db.transaction import Tx
from shared.events.case import CaseState
from shared.events.envelope import decode_data
from shared.events.wire.old_form import data_of_value

REASONS = TypeAdapter(Reasons)


@dataclass(frozen=True, slots=True)
class CaseView:
    """The newest record of a case as published, its state, and all reasons published so far."""

    root_id: UUID
    seq: int
    state: str
    record: bytes
    reasons: Reasons
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message to the citizen: its template, channel and last state."""

    message_id: UUID
    root_id: str
    template: str
    channel: str
    state: str
    reason: str | None
    at: datetime
    first_at: datetime


NOTICES = Table(
    "notices", MessageView, key="message_id", fixed=("root_id", "template", "channel", "first_at")
)
CASE_VIEWS = Table(
    "case_views",
    CaseView,
    key="root_id",
    shapes={"record": (orjson.Fragment, bytes)},
    compact=("reasons",),
)


async def save_cases(tx: Tx, views: Sequence[CaseView]) -> None:
    """Store the newest record of each root; an older one never replaces it. Reasons are merged."""
    ordered = sorted(views, key=lambda view: view.root_id)
    await tx.execute(
        f"""{CASE_VIEWS.insert_sql}
           ON CONFLICT (root_id) DO UPDATE
              SET seq = EXCLUDED.seq, state = EXCLUDED.state, updated_at = EXCLUDED.updated_at,
                  record = EXCLUDED.record, reasons = case_views.reasons || EXCLUDED.reasons
            WHERE case_views.seq < EXCLUDED.seq""",  # noqa: S608  (our own columns)
        CASE_VIEWS.parameter(ordered),
    )


async def save_notices(tx: Tx, notices: Sequence[MessageView]) -> None:
    """Store the newest state of each message."""
    await NOTICES.upsert(tx, sorted(notices, key=lambda notice: notice.message_id))


async def case_of(tx: Tx, root_id: UUID) -> FollowedCase | None:
    """The last state of this root, decoded from its record; None before the first update."""
    row = await tx.fetchrow("SELECT record::text, reasons FROM case_views WHERE root_id = $1", root_id)
    if row is None:
        return None
    state = decode_data(CaseState, data_of_value(orjson.loads(row["record"])))
    return FollowedCase(state, REASONS.validate_python(row["reasons"]))


async def notices_of(tx: Tx, root_id: UUID) -> list[MessageView]:
    """The messages sent about this dossier, oldest first."""
    rows = await tx.fetch(
        f"SELECT {NOTICES.columns} FROM notices WHERE root_id = $1 ORDER BY first_at, message_id",  # noqa: S608
        str(root_id),
    )
    return [NOTICES.read(row) for row in rows]
