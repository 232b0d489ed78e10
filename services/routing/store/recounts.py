"""Walks over all open cases after a calendar was published: where each has come to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.actor import Actor
from shared.clock import to_city_time
from shared.db.transaction import Tx

FIRST, SECOND = 1, 2

OpenCaseCursor = tuple[datetime, UUID]
"""A place in the order of open cases: when filed, which root."""


@dataclass(frozen=True, slots=True)
class RecountRun:
    """One walk: by which calendar, asked by whom, how far it has come."""

    n: int
    digest: str
    actor: Actor
    at: datetime
    round: int
    cursor: OpenCaseCursor | None
    seen: int
    moved: int
    done: bool


COLUMNS = "n, digest, actor, at, round, submitted, root_id, seen, moved, done"


async def start_run(tx: Tx, digest: str, actor: Actor, at: datetime, again_at: datetime) -> None:
    """From now on every open date is to be counted again."""
    await tx.execute(
        "INSERT INTO recounts (digest, actor, at, again_at) VALUES ($1, $2, $3, $4)",
        digest,
        actor.to_json(),
        at,
        again_at,
    )


async def lock_due_run(tx: Tx, now: datetime) -> RecountRun | None:
    """The oldest walk that has something to do now, locked; one that another process walks is passed over."""
    row = await tx.fetchrow(
        f"""SELECT {COLUMNS} FROM recounts
             WHERE NOT done AND (round = $1 OR again_at <= $2)
             ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED""",  # noqa: S608
        FIRST,
        now,
    )
    return _run(row) if row else None


async def advance_run(tx: Tx, run: RecountRun, cursor: OpenCaseCursor | None, seen: int, moved: int) -> None:
    """So many more were looked at; `reached` None = this round is over."""
    is_over = cursor is None
    await tx.execute(
        """UPDATE recounts SET submitted = $2, root_id = $3, seen = seen + $4, moved = moved + $5,
                  round = $6, done = $7
            WHERE n = $1""",
        run.n,
        *(cursor or (None, None)),
        seen,
        moved,
        SECOND if is_over else run.round,
        is_over and run.round == SECOND,
    )


async def recent_runs(tx: Tx, limit: int = 20) -> list[RecountRun]:
    """The last walks, newest first."""
    rows = await tx.fetch(f"SELECT {COLUMNS} FROM recounts ORDER BY n DESC LIMIT $1", limit)  # noqa: S608
    return [_run(row) for row in rows]


async def next_open_cases(tx: Tx, after: OpenCaseCursor | None, limit: int) -> list[OpenCaseCursor]:
    """The next open cases in the order of their filing."""
    rows = await tx.fetch(
        """SELECT submitted_at, root_id FROM cases
            WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned')
              AND ($1::timestamptz IS NULL OR (submitted_at, root_id) > ($1, $2::uuid))
            ORDER BY submitted_at, root_id LIMIT $3""",
        *(after or (None, None)),
        limit,
    )
    return [(row["submitted_at"], row["root_id"]) for row in rows]


def _run(row: Any) -> RecountRun:
    cursor = (row["submitted"], row["root_id"]) if row["root_id"] else None
    return RecountRun(
        n=row["n"],
        digest=row["digest"],
        actor=Actor(**row["actor"]),
        at=to_city_time(row["at"]),
        round=row["round"],
        cursor=cursor,
        seen=row["seen"],
        moved=row["moved"],
        done=row["done"],
    )
