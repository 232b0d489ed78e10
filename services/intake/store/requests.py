"""The table `requests`: acts by idempotency key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.clock import to_city_time
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request as first received."""

    key: UUID
    dossier_id: UUID
    type: str
    asked_at: datetime


async def insert_or_get(tx: Tx, request: StoredRequest) -> StoredRequest | None:
    """Insert the request. Returns None if its key is new, else the request stored under that key."""
    inserted_key = await tx.fetchval(
        """INSERT INTO requests (key, dossier_id, type, asked_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (key) DO NOTHING RETURNING key""",
        request.key,
        request.dossier_id,
        request.type,
        request.asked_at,
    )
    if inserted_key is not None:
        return None
    row = await tx.fetchrow(
        "SELECT key, dossier_id, type, asked_at FROM requests WHERE key = $1", request.key
    )
    if row is None:
        return None
    return StoredRequest(row["key"], row["dossier_id"], row["type"], to_city_time(row["asked_at"]))
