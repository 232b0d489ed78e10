"""The table `recounts`: runs over all open cases after a calendar was published, and their progress."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.actor import Actor
from shared.db.table import Table
from shared.db.transaction import Tx

FIRST, SECOND = 1, 2

OpenCaseCursor = tuple[datetime, UUID]
"""A position in the order of open cases: time of filing, and root."""


@dataclass(frozen=True, slots=True)
class RecountRun:
    """One run. `digest`: of the calendar; `actor`: who published it; `round`: 1 or 2.

    `submitted` and `root_id` are the cursor. `seen`, `moved`: numbers of cases looked at and of dates moved.
    """

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
        """The last case of the previous batch; None at the start of a round."""
        if self.submitted is None or self.root_id is None:
            return None
        return self.submitted, self.root_id

    def advanced(self, cursor: OpenCaseCursor | None, seen_count: int, moved_count: int) -> "RecountRun":
        """Return the run after one more batch. `cursor` None: the round is over."""
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
    """Start a run. Its second round begins at `again_at`."""
    await tx.execute(
        "INSERT INTO recounts (digest, actor, at, again_at) VALUES ($1, $2, $3, $4)",
        digest,
        actor.to_json(),
        at,
        again_at,
    )


async def lock_due_run(tx: Tx, now: datetime) -> RecountRun | None:
    """The oldest run with work to do now, locked. A run that another process has locked is skipped."""
    row = await tx.fetchrow(
        f"""SELECT {TABLE.columns} FROM recounts
             WHERE NOT done AND (round = $1 OR again_at <= $2)
             ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED""",  # noqa: S608
        FIRST,
        now,
    )
    return TABLE.read(row) if row else None


async def advance_run(tx: Tx, run: RecountRun, cursor: OpenCaseCursor | None, seen: int, moved: int) -> None:
    """Store the progress of a run after one more batch. `cursor` None: the round is over."""
    await TABLE.update(tx, [run.advanced(cursor, seen, moved)], only=PROGRESS)


async def recent_runs(tx: Tx, limit: int = 20) -> list[RecountRun]:
    """The last runs, newest first."""
    rows = await tx.fetch(f"SELECT {TABLE.columns} FROM recounts ORDER BY n DESC LIMIT $1", limit)  # noqa: S608
    return [TABLE.read(row) for row in rows]


async def next_open_cases(tx: Tx, after: OpenCaseCursor | None, limit: int) -> list[OpenCaseCursor]:
    """The next open cases in the order of filing. `after`: the cursor; None: from the start."""
    rows = await tx.fetch(
        """SELECT submitted_at, root_id FROM cases
            WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned')
              AND ($1::timestamptz IS NULL OR (submitted_at, root_id) > ($1, $2::uuid))
            ORDER BY submitted_at, root_id LIMIT $3""",
        *(after or (None, None)),
        limit,
    )
    return [(row["submitted_at"], row["root_id"]) for row in rows]
