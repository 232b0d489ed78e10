"""The table `contacts`: contacts as intake encrypted them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.table import json_parameter
from shared.db.transaction import Tx


async def save(tx: Tx, sealed: Sequence[tuple[UUID, bytes]], at: datetime) -> None:
    """Store the newest contact of each of these people (reference, ciphertext)."""
    await tx.execute(
        """INSERT INTO contacts (subject_ref, sealed, changed_at)
           SELECT subject_ref, sealed, $2 FROM json_populate_recordset(NULL::contacts, $1::text::json)
           ON CONFLICT (subject_ref)
           DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at""",
        json_parameter([{"subject_ref": ref, "sealed": contact} for ref, contact in sealed]),
        at,
    )
