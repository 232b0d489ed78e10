"""When to look at a clock again, and what was said when its instants came."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, FiredDeadline, Recipient
from services.routing.domain.deadlines.deadlines import NextDeadline
from shared.clock import to_city_time
from shared.db.transaction import Tx

FIRED = """(SELECT jsonb_agg(to_jsonb(f) ORDER BY f.n) FROM deadlines_fired f
             WHERE f.root_id = cases.root_id) AS alarms"""
"""What a case's clocks have said, as a column beside it."""


async def save_next(
    tx: Tx, next_deadlines: Sequence[tuple[UUID, NextDeadline]], ended: Collection[UUID]
) -> None:
    """The next instant of these clocks (each with its root), and none for those that are over."""
    if ended:
        await tx.execute("DELETE FROM deadlines WHERE about = ANY($1)", list(ended))
    if not next_deadlines:
        return
    await tx.execute(
        """INSERT INTO deadlines (about, root_id, scope, level, at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
               ON CONFLICT (about) DO UPDATE SET level = EXCLUDED.level, at = EXCLUDED.at""",
        [deadline.clock.about for _, deadline in next_deadlines],
        [root for root, _ in next_deadlines],
        [deadline.clock.scope.value for _, deadline in next_deadlines],
        [deadline.level.value for _, deadline in next_deadlines],
        [deadline.at for _, deadline in next_deadlines],
    )


async def lock_due(tx: Tx, now: datetime, limit: int) -> list[UUID]:
    """Roots of at most so many due rows, earliest first, their cases locked; those in other hands are left.

    The lock is the case's, as everywhere, and is never waited for: nobody can be deadlocked with a sweep.
    """
    rows = await tx.fetch(
        """SELECT d.root_id FROM deadlines d JOIN cases c USING (root_id)
            WHERE d.at <= $1 ORDER BY d.at LIMIT $2 FOR UPDATE OF c SKIP LOCKED""",
        now,
        limit,
    )
    return [row["root_id"] for row in rows]


async def postpone_until(tx: Tx, roots: Sequence[UUID], until: datetime) -> None:
    """Look at these cases again then, not now."""
    if roots:
        await tx.execute(
            "UPDATE deadlines SET at = $2 WHERE root_id = ANY($1) AND at < $2", list(roots), until
        )


async def planned_clocks(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Which clocks of these cases have a row."""
    rows = await tx.fetch("SELECT root_id, about FROM deadlines WHERE root_id = ANY($1)", list(roots))
    clocks: dict[UUID, set[UUID]] = {root: set() for root in roots}
    for row in rows:
        clocks[row["root_id"]].add(row["about"])
    return clocks


async def save_fired(tx: Tx, fired: Sequence[tuple[UUID, int, FiredDeadline]]) -> None:
    """What was said, each with its root and its place among what that case's clocks have said."""
    if not fired:
        return
    rows = [_row(*entry) for entry in fired]
    await tx.execute(
        """INSERT INTO deadlines_fired (root_id, n, about, scope, level, due_at, at, fired_at, told, office,
                                        office_short, step, overtaken)
           SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[],
                                $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::text[],
                                $10::text[], $11::text[], $12::text[], $13::bool[])""",
        *[list(column) for column in zip(*rows, strict=True)],
    )


def fired_from_rows(rows: Sequence[Mapping[str, Any]] | None) -> tuple[FiredDeadline, ...]:
    """What a case's clocks have said, from its `FIRED` column."""
    return tuple(_alarm(row) for row in rows or ())


def _alarm(row: Mapping[str, Any]) -> FiredDeadline:
    due_at, at, fired_at = (
        to_city_time(datetime.fromisoformat(row[n])) for n in ("due_at", "at", "fired_at")
    )
    return FiredDeadline(
        scope=ClockScope(row["scope"]),
        about=UUID(row["about"]),
        level=DeadlineLevel(row["level"]),
        due_at=due_at,
        at=at,
        fired_at=fired_at,
        to=Recipient(row["told"]),
        office=row["office"],
        office_short=row["office_short"],
        step=row["step"],
        overtaken=row["overtaken"],
    )


def _row(root: UUID, n: int, alarm: FiredDeadline) -> tuple[Any, ...]:
    identity = (alarm.about, alarm.scope.value, alarm.level.value)
    times = (alarm.due_at, alarm.at, alarm.fired_at)
    recipient = (alarm.to.value, alarm.office, alarm.office_short)
    return (root, n, *identity, *times, *recipient, alarm.step, alarm.overtaken)
