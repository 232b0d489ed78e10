"""Dossiers that wait for an office, and the revision of the catalogue that was last tried for each."""

from collections.abc import Sequence
from uuid import UUID

from services.routing.store.catalogue import REVISION
from shared.db.transaction import Tx


async def list_unplaced(tx: Tx, limit: int) -> tuple[str, list[UUID]]:
    """The next waiting cases not tried with the stored catalogue, locked, and the catalogue's revision.

    Cases that another transaction has locked are skipped. Without waiting cases the revision is "" and is not
    computed.
    """
    rows = await tx.fetch(
        f"""WITH stored AS MATERIALIZED ({REVISION})
            SELECT root_id, (SELECT revision FROM stored) AS revision FROM cases
             WHERE seeks_an_office AND sought_in IS DISTINCT FROM (SELECT revision FROM stored)
             ORDER BY root_id LIMIT $1 FOR UPDATE SKIP LOCKED""",  # noqa: S608  (our own)
        limit,
    )
    return (rows[0]["revision"] if rows else "", [row["root_id"] for row in rows])


async def mark_tried(tx: Tx, roots: Sequence[UUID], revision: str) -> None:
    """Mark cases as tried with this revision. A later change of a case removes the mark."""
    await tx.execute(
        "UPDATE cases SET sought_in = $2 WHERE root_id = ANY($1) AND seeks_an_office", list(roots), revision
    )
