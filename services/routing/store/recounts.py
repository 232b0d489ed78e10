"""Walks over all open cases after a calendar was published: where each has come to."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.actor import Actor
from shared.db.table import Table
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
    submitted: datetime | None
    root_id: UUID | None
    seen: int
    moved: int
    done: bool

    @property
    def cursor(self) -> OpenCaseCursor | None:
        """The last case that was looked at; None at the start of a round."""
        if self.submitted is None or self.root_id is None:
            return None
        return self.submitted, self.root_id

    def advanced(self, cursor: OpenCaseCursor | None, seen_count: int, moved_count: int) -> "RecountRun":
        """The walk after so many more cases. `cursor` None: this round is over."""
        submitted, root_id = cursor or (None, None)
        is_over = cursor is None
        return replace(
            self,
            submitted=submitted,
            root_id=root_id,
            seen=self.seen + seen_count,
            moved=self.moved + moved_count,
            round=SECOND if is_over else self.round,
            done=is_over and self.round == SECOND,
        )


TABLE = Table("recounts", RecountRun, key="n")
PROGRESS = ("submitted", "root_id", "seen", "moved", "round", "done")


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
        f"""SELECT {TABLE.columns} FROM recounts
             WHERE NOT done AND (round = $1 OR again_at <= $2)
             ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED""",  # noqa: S608
        FIRST,
        now,
    )
    return TABLE.read(row) if row else None


async def advance_run(tx: Tx, run: RecountRun, cursor: OpenCaseCursor | None, seen: int, moved: int) -> None:
    """So many more were looked at, up to this cursor; None: this round is over."""
    await TABLE.update(tx, [run.advanced(cursor, seen, moved)], only=PROGRESS)


async def recent_runs(tx: Tx, limit: int = 20) -> list[RecountRun]:
    """The last walks, newest first."""
    rows = await tx.fetch(f"SELECT {TABLE.columns} FROM recounts ORDER BY n DESC LIMIT $1", limit)  # noqa: S608
    return [TABLE.read(row) for row in rows]


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
