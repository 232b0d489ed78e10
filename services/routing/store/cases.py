"""The table `cases`. Each function takes one statement per table, for any number of cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.routing.domain.case.case import Case, root_code
from services.routing.store import deadlines, tasks
from services.routing.store.catalogue import REVISION
from services.routing.store.children import children_documents, with_children
from services.routing.store.tasks import FamilyTasks
from shared.clock import to_city_time
from shared.db.table import Table
from shared.db.transaction import Tx

TABLE = Table(
    "cases",
    Case,
    key="root_id",
    source={"root_id": "root", "seeks_an_office": "has_unplaced"},
    beside=("children", "sought_in"),
    skip=("tasks", "alarms", "children", "child_id", "does"),
    fixed=(
        *("code", "kind", "procedure", "channel", "subject_ref", "link_ref", "place", "facts", "delivery"),
        *("filed_by", "receiving_office", "receiving_short", "auto_accept", "submitted_at", "papers"),
    ),
    documents=("explanation",),
    compact=("ledger",),
)
READ = f"{TABLE.columns}, {deadlines.FIRED}"


@dataclass(frozen=True, slots=True)
class LockedCases:
    """Cases locked until the transaction ends, the revision of the stored catalogue, and the city's time."""

    cases: Mapping[UUID, Case]
    revision: str
    at: datetime


async def lock_cases(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases of these roots with their tasks, locked in the order of ids so that no batches deadlock."""
    rows = await tx.fetch(
        f"SELECT {READ} FROM cases WHERE root_id = ANY($1) ORDER BY root_id FOR UPDATE",  # noqa: S608
        list(roots),
    )
    return _with_tasks(rows, await tasks.read_tasks(tx, [row["root_id"] for row in rows]))


async def lock_with_context(tx: Tx, roots: Sequence[UUID]) -> LockedCases:
    """Lock cases like `lock_cases`, and read revision and city time in the same statement."""
    rows = await tx.fetch(
        f"""SELECT now.*, found.*
              FROM (SELECT ({REVISION}) AS revision, city.now() AS at) AS now
              LEFT JOIN (SELECT {READ} FROM cases
                          WHERE root_id = ANY($1) ORDER BY root_id FOR UPDATE) AS found ON true""",  # noqa: S608
        list(roots),
    )
    locked_rows = [row for row in rows if row["root_id"]]
    with_tasks = _with_tasks(locked_rows, await tasks.read_tasks(tx, [row["root_id"] for row in locked_rows]))
    return LockedCases(with_tasks, rows[0]["revision"], to_city_time(rows[0]["at"]))


async def read_cases(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases of these roots with their tasks, without a lock."""
    rows = await tx.fetch(f"SELECT {READ} FROM cases WHERE root_id = ANY($1)", list(roots))  # noqa: S608
    return _with_tasks(rows, await tasks.read_tasks(tx, [row["root_id"] for row in rows]))


async def read_all(tx: Tx) -> list[Case]:
    """All cases in the order of codes, for dumps."""
    rows = await tx.fetch(f"SELECT {READ} FROM cases ORDER BY code")  # noqa: S608
    return list(_with_tasks(rows, await tasks.read_tasks(tx, [row["root_id"] for row in rows])).values())


async def read_by_code(tx: Tx, code: str) -> Case | None:
    """The case with this code, or the root of the child with this code, without a lock."""
    root = await tx.fetchval("SELECT root_id FROM cases WHERE code = $1", root_code(code))
    if root is None:
        return None
    return (await read_cases(tx, [root]))[root]


async def claim_roots(tx: Tx, roots: Sequence[UUID]) -> None:
    """Lock roots that have no case yet until the end of the transaction, in the order of ids."""
    await tx.execute(
        """SELECT pg_advisory_xact_lock(hashtextextended(root::text, 0))
             FROM (SELECT root FROM unnest($1::uuid[]) AS root ORDER BY root) AS wanted""",
        list(roots),
    )


async def insert(tx: Tx, new_cases: Sequence[Case]) -> None:
    """Insert new cases. Their tasks are saved by `tasks.save`."""
    await TABLE.insert(tx, new_cases, children=[children_documents(case) for case in new_cases])


async def update(tx: Tx, changed: Sequence[Case]) -> None:
    """Update the columns of cases that may change; those of the filing are fixed.

    `sought_in` becomes NULL, so that the next pass of `place_unplaced` tries the case again.
    """
    await TABLE.update(tx, changed, children=[children_documents(case) for case in changed])


def _with_tasks(
    rows: Sequence[Mapping[str, Any]], tasks_by_root: Mapping[UUID, FamilyTasks]
) -> dict[UUID, Case]:
    return {row["root_id"]: _case(row, tasks_by_root.get(row["root_id"], {})) for row in rows}


def _case(row: Mapping[str, Any], tasks: FamilyTasks) -> Case:
    alarms = deadlines.fired_from_rows(row["alarms"])
    root = TABLE.read(row, alarms=alarms, tasks=tuple(tasks.get(None, ())))
    if not row["children"]:
        return root
    return with_children(root, row["children"], tasks)
