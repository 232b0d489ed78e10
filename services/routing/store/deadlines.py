"""The tables `deadlines` (the next instant of each clock) and `deadlines_fired`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.deadlines.deadlines import NextDeadline
from shared.db.table import Table
from shared.db.transaction import Tx

TABLE = Table(
    "deadlines",
    NextDeadline,
    key="about",
    source={"about": "clock.about", "scope": "clock.scope"},
    beside=("root_id",),
    fixed=("root_id", "scope"),
)
FIRED_TABLE = Table(
    "deadlines_fired",
    FiredDeadline,
    key="root_id, about, level, due_at",
    source={"told": "to"},
    beside=("root_id", "n"),
)
ALARMS = TypeAdapter(tuple[FiredDeadline, ...])
FIRED = """(SELECT jsonb_agg(to_jsonb(f) || jsonb_build_object('to', f.told) ORDER BY f.n)
              FROM deadlines_fired f WHERE f.root_id = cases.root_id) AS alarms"""
"""The fired deadlines of a case, as a JSON column."""


async def save_next(
    tx: Tx, next_deadlines: Sequence[tuple[UUID, NextDeadline]], ended: Collection[UUID]
) -> None:
    """Store the next deadline of each clock, with its root, and delete those of ended clocks (by id)."""
    if ended:
        await tx.execute("DELETE FROM deadlines WHERE about = ANY($1)", list(ended))
    roots = [root for root, _ in next_deadlines]
    await TABLE.upsert(tx, [deadline for _, deadline in next_deadlines], root_id=roots)


async def lock_due(tx: Tx, now: datetime, limit: int) -> list[UUID]:
    """The roots of at most `limit` due rows, earliest first, with their cases locked.

    Cases that another transaction has locked are skipped, so that a sweep cannot deadlock.
    """
    rows = await tx.fetch(
        """SELECT d.root_id FROM deadlines d JOIN cases c USING (root_id)
            WHERE d.at <= $1 ORDER BY d.at LIMIT $2 FOR UPDATE OF c SKIP LOCKED""",
        now,
        limit,
    )
    return [row["root_id"] for row in rows]


async def postpone_until(tx: Tx, roots: Sequence[UUID], until: datetime) -> None:
    """Move the rows of these cases that are due before `until` to that instant."""
    if roots:
        await tx.execute(
            "UPDATE deadlines SET at = $2 WHERE root_id = ANY($1) AND at < $2", list(roots), until
        )


async def planned_clocks(tx: Tx, roots: Sequence[UUID]) -> set[UUID]:
    """The ids of the clocks of these cases that have a row."""
    rows = await tx.fetch("SELECT about FROM deadlines WHERE root_id = ANY($1)", list(roots))
    return {row["about"] for row in rows}


async def save_fired(tx: Tx, fired: Sequence[tuple[UUID, int, FiredDeadline]]) -> None:
    """Insert fired deadlines, each with its root and its number among those of the case."""
    alarms = [alarm for _, _, alarm in fired]
    roots = [root for root, _, _ in fired]
    await FIRED_TABLE.insert(tx, alarms, root_id=roots, n=[n for _, n, _ in fired])


def fired_from_rows(rows: Sequence[Mapping[str, Any]] | None) -> tuple[FiredDeadline, ...]:
    """The fired deadlines of a case, from its column `FIRED`."""
    return ALARMS.validate_python(rows) if rows else ()
