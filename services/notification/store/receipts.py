"""The table `receipts`: delivery receipts whose message is not known yet."""

from collections.abc import Sequence

from shared.db.table import json_parameter
from shared.db.transaction import Tx


async def save_receipts(tx: Tx, receipts: Sequence[tuple[str, str]]) -> None:
    """Store receipts (reference, status). A second receipt for the same reference changes nothing."""
    await tx.execute(
        """INSERT INTO receipts (carrier_ref, status)
           SELECT carrier_ref, status FROM json_populate_recordset(NULL::receipts, $1::text::json)
               ON CONFLICT (carrier_ref) DO NOTHING""",
        json_parameter([{"carrier_ref": ref, "status": status} for ref, status in receipts]),
    )


async def lock_matching(tx: Tx, limit: int) -> list[tuple[str, str]]:
    """Lock stored receipts whose text message is `sent` by now."""
    rows = await tx.fetch(
        """SELECT r.carrier_ref, r.status FROM receipts AS r JOIN messages AS m USING (carrier_ref)
            WHERE m.state = 'sent' AND m.carrier_ref IS NOT NULL
            ORDER BY r.carrier_ref LIMIT $1 FOR UPDATE OF r SKIP LOCKED""",
        limit,
    )
    return [(row["carrier_ref"], row["status"]) for row in rows]


async def delete_receipts(tx: Tx, refs: Sequence[str]) -> None:
    """Delete receipts that were applied."""
    await tx.execute("DELETE FROM receipts WHERE carrier_ref = ANY($1)", list(refs))


async def delete_unmatched(tx: Tx, older_than_seconds: float) -> list[str]:
    """Delete receipts without a message for this long. Returns their references."""
    rows = await tx.fetch(
        """DELETE FROM receipts WHERE received_at < clock_timestamp() - make_interval(secs => $1)
           RETURNING carrier_ref""",
        older_than_seconds,
    )
    return [row["carrier_ref"] for row in rows]
