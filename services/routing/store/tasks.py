"""The table `tasks`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.task import Task, TaskState
from shared.db.table import Table
from shared.db.transaction import Tx

TABLE = Table(
    "tasks",
    Task,
    key="task_id",
    source={"task_id": "id", "unit": "limit.unit", "amount": "limit.amount", "desk": "desk_office"},
    beside=("root_id", "dossier_id"),
    fixed=(
        *("root_id", "dossier_id", "step", "role", "title_vi", "title_en", "office", "office_short"),
        *("unit", "amount", "excluded", "pauses", "actor", "until", "part_of", "question"),
    ),
)
COLUMNS = TABLE.columns

FamilyTasks: TypeAlias = dict[UUID | None, list[Task]]
"""The tasks of a root (key None) and of each child (its id), in the order of the plan."""


async def read_tasks(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, FamilyTasks]:
    """The tasks of these cases and their children. The row of the root is the lock."""
    if not roots:
        return {}
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM tasks WHERE root_id = ANY($1) ORDER BY root_id, n, task_id",  # noqa: S608
        list(roots),
    )
    tasks_by_root: dict[UUID, FamilyTasks] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        tasks_by_root[row["root_id"]][row["dossier_id"]].append(task_of(row))
    return tasks_by_root


async def task_roots(tx: Tx, task_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The root of each of these tasks; unknown tasks are left out."""
    rows = await tx.fetch("SELECT task_id, root_id FROM tasks WHERE task_id = ANY($1)", list(task_ids))
    return {row["task_id"]: row["root_id"] for row in rows}


async def save(tx: Tx, changed: Sequence[tuple[Case, Task]]) -> None:
    """Save new and changed tasks, each with its dossier.

    Closed tasks are saved first, so that no step has two open tasks at any moment.
    """
    if not changed:
        return
    closed_first = sorted(changed, key=lambda pair: pair[1].state is not TaskState.CLOSED)
    await TABLE.upsert(
        tx,
        [task for _, task in closed_first],
        root_id=[case.root for case, _ in closed_first],
        dossier_id=[case.child_id for case, _ in closed_first],
    )


task_of = TABLE.read
"""Read a task from its row."""
