"""Contacts as they arrived: sealed, and never opened here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.db.transaction import Tx


async def save(tx: Tx, sealed: Sequence[tuple[UUID, bytes]], at: datetime) -> None:
    """The last word on how to reach each of these people."""
    await tx.execute(
        """INSERT INTO contacts (subject_ref, sealed, changed_at)
           SELECT subject_ref, sealed, $3 FROM unnest($1::uuid[], $2::bytea[]) AS given (subject_ref, sealed)
           ON CONFLICT (subject_ref)
           DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at""",
        [ref for ref, _ in sealed],
        [contact for _, contact in sealed],
        at,
    )
