"""The table `case_history`: one line for each update of a case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.routing.domain.case.case import CaseUpdate
from services.routing.domain.case.history_line import HistoryLine, history_line
from shared.db.parameter_rows import ParameterRows
from shared.db.table import Table
from shared.db.transaction import Tx

TABLE = Table("case_history", HistoryLine, key="n")


@dataclass(frozen=True, slots=True)
class AppliedCause:
    """A cause that was applied to a case."""

    root_id: UUID
    because_id: str


CAUSES = ParameterRows(AppliedCause)


async def append_history(tx: Tx, updates: Sequence[CaseUpdate]) -> None:
    """Append a line for each update, in order."""
    await TABLE.insert(tx, [history_line(update) for update in updates])


async def read_history(tx: Tx, root: UUID) -> list[HistoryLine]:
    """The history of one case, oldest line first."""
    rows = await tx.fetch(
        f"SELECT {TABLE.columns} FROM case_history WHERE root_id = $1 ORDER BY n",  # noqa: S608  (our own columns)
        root,
    )
    return [TABLE.read(row) for row in rows]


async def read_all(tx: Tx) -> dict[UUID, list[HistoryLine]]:
    """The history of all cases by root, oldest line first."""
    rows = await tx.fetch(f"SELECT {TABLE.columns} FROM case_history ORDER BY root_id, n")  # noqa: S608
    lines_by_root: dict[UUID, list[HistoryLine]] = {}
    for line in map(TABLE.read, rows):
        lines_by_root.setdefault(line.root_id, []).append(line)
    return lines_by_root


async def applied_causes(tx: Tx, causes: Collection[AppliedCause]) -> set[AppliedCause]:
    """Those of these causes that were applied before."""
    rows = await tx.fetch(
        f"""SELECT DISTINCT root_id, because_id FROM case_history
              JOIN {CAUSES.sql(name="asked")} USING (root_id, because_id)""",  # noqa: S608
        CAUSES.parameter(list(causes)),
    )
    return {AppliedCause(row["root_id"], row["because_id"]) for row in rows}
