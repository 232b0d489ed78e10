"""The figures that the city day shows while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True)
class Figures:
    """Numbers of dossiers by state, open dossiers by office, and messages sent to citizens."""

    filed: int = 0
    waiting: int = 0
    in_hand: int = 0
    completed: int = 0
    refused: int = 0
    late: int = 0
    messages: int = 0
    holders: tuple[tuple[str, int, int], ...] = ()


async def figures(sql: asyncpg.Connection, now: datetime) -> Figures:
    """The figures at this city time."""
    row = await sql.fetchrow(
        """SELECT count(*) AS filed,
                  count(*) FILTER (WHERE state = 'submitted') AS waiting,
                  count(*) FILTER (WHERE state NOT IN ('submitted', 'refused', 'completed', 'returned',
                                                       'stopped')) AS in_hand,
                  count(*) FILTER (WHERE state IN ('completed', 'returned')) AS completed,
                  count(*) FILTER (WHERE state = 'refused') AS refused,
                  count(*) FILTER (WHERE coalesce(completed_at, $1) > current_due_at) AS late,
                  (SELECT count(*) FROM notification.messages
                    WHERE state IN ('sent', 'delivered')) AS messages
             FROM routing.cases""",
        now,
    )
    holders = await sql.fetch(
        """SELECT party, count(*) AS open, count(*) FILTER (WHERE due_at < $1) AS late
             FROM routing.tasks WHERE state IN ('queued', 'started', 'declined')
            GROUP BY party ORDER BY 2 DESC, 1 LIMIT 12""",
        now,
    )
    return Figures(**dict(row or {}), holders=tuple((r["party"], r["open"], r["late"]) for r in holders))
