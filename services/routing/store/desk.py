"""Queries for desks: the lists of open tasks that people and systems work from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.routing.domain.case.task import Task
from services.routing.store import tasks
from services.routing.store.documents import NEW_DATE
from services.routing.store.office_turn import IS_OFFICES_TURN
from shared.clock import to_city_time
from shared.db.transaction import Tx

COLUMNS = tasks.TABLE.columns_of("t")

IS_LAST = """NOT EXISTS (SELECT FROM tasks f WHERE f.root_id = t.root_id AND t.step = ANY(f.after)
                                                AND f.dossier_id IS NOT DISTINCT FROM t.dossier_id
                                                AND f.state <> 'closed')"""
"""Whether no step follows the task: its outcome then decides the dossier."""


ESCALATED_TO = """(SELECT f.told FROM deadlines_fired f
             WHERE f.root_id = t.root_id AND f.about = t.task_id AND f.due_at = t.due_at
               AND f.level IN ('breach', 'head', 'city') ORDER BY f.n DESC LIMIT 1) AS told"""
"""The last recipient of the task's breach or escalation: operator, head or city."""


WAITS_FOR_AN_OFFICE = "(t.step = 'receive' AND c.seeks_an_office) AS waits_for_an_office"
"""Whether the dossier was accepted and waits on the reception desk for a missing office."""


AWAITED_UNTIL = """CASE WHEN c.state IN ('supplement_requested', 'payment_requested')
                       THEN (c.request ->> 'answer_by')::timestamptz END AS awaited_until"""
"""Until when the dossier waits for the citizen; its clock is paused until then."""


CHILD_DOCUMENT = """(SELECT one FROM jsonb_array_elements(c.children) AS one
             WHERE one ->> 'id' = t.dossier_id::text) AS of_child"""
"""The child that the task belongs to; null for the root's own task."""


DESK_COLUMNS = f"""{COLUMNS}, c.code, c.procedure, c.version, c.current_due_at, {IS_LAST} AS is_last,
            {ESCALATED_TO}, {CHILD_DOCUMENT}, {WAITS_FOR_AN_OFFICE},
            {NEW_DATE} AS new_due_at, {AWAITED_UNTIL}, {IS_OFFICES_TURN} AS is_offices_turn,
            coalesce(c.request ->> 'office' = t.office, false) AS asked_by_office"""
"""The columns of a `DeskRow`, from a task `t` and its case `c`."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A task with fields of its dossier. `code`: of the root; `child`: of the child that has the task.

    For a child's task, `procedure`, `version` and `current_due_at` are the child's. `new_due_at`: the new
    date of a signed apology. `is_last`: no step follows it. `is_offices_turn`: nobody else is awaited first.
    `asked_by_office`: the open request to the citizen is this office's.
    """

    task: Task
    root: UUID
    code: str
    procedure: str
    version: int
    current_due_at: datetime | None
    is_last: bool
    escalated_to: str | None
    dossier_id: UUID
    child: str | None = None
    waits_for_an_office: bool = False
    new_due_at: datetime | None = None
    awaits_citizen_until: datetime | None = None
    is_offices_turn: bool = True
    asked_by_office: bool = False

    @property
    def waits_for_own_request(self) -> bool:
        """Whether the citizen has not answered yet what this office asked for."""
        return self.awaits_citizen_until is not None and self.asked_by_office


async def list_desk_tasks(
    tx: Tx,
    *,
    desk: str | None = None,
    party: str | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 500,
    turn_first: bool = False,
) -> list[DeskRow]:
    """Open tasks of a desk or a party, those due first at the top.

    `turn_first`: those that wait for the citizen or another person come after all others.
    `after`: due date and id of the last task of the previous page. A party's tasks do not include those that
    it declined: these lie on the Centre's desk.
    """
    order = "t.due_at, t.task_id"
    if turn_first:
        order = f"{IS_OFFICES_TURN} DESC, {order}"
    rows = await tx.fetch(
        f"""SELECT {DESK_COLUMNS}
              FROM tasks t JOIN cases c USING (root_id)
             WHERE t.state IN ('queued', 'started', 'declined')
               AND ($1::text IS NULL OR t.desk = $1)
               AND ($2::text IS NULL OR (t.party = $2 AND t.state <> 'declined'))
               AND ($3::timestamptz IS NULL OR (t.due_at, t.task_id) > ($3, $4::uuid))
             ORDER BY {order} LIMIT $5""",  # noqa: S608
        desk,
        party,
        *(after or (None, None)),
        limit,
    )
    return [_row(row) for row in rows]


async def read_task(tx: Tx, task_id: UUID) -> DeskRow | None:
    """The task with this id, open or not; None if there is none."""
    row = await tx.fetchrow(
        f"""SELECT {DESK_COLUMNS}
              FROM tasks t JOIN cases c USING (root_id) WHERE t.task_id = $1""",  # noqa: S608
        task_id,
    )
    return _row(row) if row else None


async def count_on_desk(tx: Tx, desk: str) -> int:
    """The number of open tasks on a desk."""
    count = await tx.fetchval(
        "SELECT count(*) FROM tasks WHERE desk = $1 AND state IN ('queued', 'started', 'declined')", desk
    )
    return int(count or 0)


async def count_waiting_elsewhere(tx: Tx, desk: str) -> int:
    """The number of open dossiers in which this office has a step that is not queued yet."""
    count = await tx.fetchval(
        """SELECT count(DISTINCT t.root_id) FROM tasks t JOIN cases c USING (root_id)
            WHERE t.office = $1 AND t.state = 'waiting'
              AND c.state NOT IN ('refused', 'stopped', 'completed', 'returned')""",
        desk,
    )
    return int(count or 0)


async def next_task_due(tx: Tx, after: datetime) -> datetime | None:
    """The next due date of an open task after this instant; None if there is none."""
    due_at = await tx.fetchval(
        """SELECT min(due_at) FROM tasks
            WHERE state IN ('queued', 'started', 'declined') AND due_at > $1""",
        after,
    )
    return _city_time(due_at)


@dataclass(frozen=True, slots=True)
class DueOnDay:
    """How many open dossiers, and how many open tasks, fall due on a day in the city."""

    day: date
    dossiers: int
    tasks: int


async def due_by_day(tx: Tx, *, after: datetime, until: datetime) -> list[DueOnDay]:
    """What falls due after one instant and until another, on at most a thousand days, the first first."""
    rows = await tx.fetch(
        """SELECT (due_at AT TIME ZONE INTERVAL '7 hours')::date AS day,
                  count(*) FILTER (WHERE kind = 'dossier') AS dossiers,
                  count(*) FILTER (WHERE kind = 'task') AS tasks
             FROM (SELECT current_due_at AS due_at, 'dossier' AS kind FROM cases
                    WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned')
                      AND current_due_at > $1 AND current_due_at <= $2
                    UNION ALL
                   SELECT due_at, 'task' FROM tasks
                    WHERE state IN ('queued', 'started', 'declined') AND due_at > $1 AND due_at <= $2) AS due
            GROUP BY day ORDER BY day LIMIT 1000""",
        after,
        until,
    )
    return [DueOnDay(row["day"], row["dossiers"], row["tasks"]) for row in rows]


async def next_deadline(tx: Tx, after: datetime) -> datetime | None:
    """The next deadline of any clock after this instant: a warning, a breach or an escalation."""
    at = await tx.fetchval("SELECT min(at) FROM deadlines WHERE at > $1", after)
    return _city_time(at)


async def count_by_state(tx: Tx) -> dict[str, int]:
    """The number of cases in each state."""
    rows = await tx.fetch("SELECT state, count(*) AS n FROM cases GROUP BY state ORDER BY state")
    return {row["state"]: row["n"] for row in rows}


async def list_open(tx: Tx, *, after: str | None, limit: int) -> list[UUID]:
    """The roots of open cases in the order of codes. `after`: the last code of the previous page."""
    rows = await tx.fetch(
        """SELECT root_id FROM cases
            WHERE state NOT IN ('refused', 'stopped', 'completed', 'returned')
              AND ($1::text IS NULL OR code > $1)
            ORDER BY code LIMIT $2""",
        after,
        limit,
    )
    return [row["root_id"] for row in rows]


def _row(row: Any) -> DeskRow:
    child = row["of_child"]
    dossier, due_at, child_code = row, row["current_due_at"], None
    if child:
        dossier, child_code = child, child["code"]
        due_at = datetime.fromisoformat(child["current_due_at"])
    return DeskRow(
        task=tasks.task_of(row),
        root=row["root_id"],
        code=row["code"],
        procedure=dossier["procedure"],
        version=dossier["version"],
        current_due_at=_city_time(due_at),
        is_last=row["is_last"],
        escalated_to=row["told"],
        dossier_id=row["dossier_id"] or row["root_id"],
        child=child_code,
        waits_for_an_office=row["waits_for_an_office"],
        new_due_at=_city_time(row["new_due_at"]),
        awaits_citizen_until=_city_time(row["awaited_until"]),
        is_offices_turn=row["is_offices_turn"],
        asked_by_office=row["asked_by_office"],
    )


def _city_time(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return to_city_time(at)
