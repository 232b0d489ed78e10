"""The dossiers that wait for an office, and by which catalogue each was last looked at."""

from collections.abc import Sequence
from uuid import UUID

from services.routing.store.catalogue import REVISION
from shared.db.transaction import Tx


async def list_unplaced(tx: Tx, limit: int) -> tuple[str, list[UUID]]:
    """The next that wait and were not looked at by the catalogue as stored, locked; and its revision.

    Those that somebody works on right now are passed over. Where none waits the revision is not even read.
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
    """These were looked at by this catalogue. Whatever changes one of them later has it looked at anew."""
    await tx.execute(
        "UPDATE cases SET sought_in = $2 WHERE root_id = ANY($1) AND seeks_an_office", list(roots), revision
    )
