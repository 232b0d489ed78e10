"""What happened to a case, in order: for whoever asks later."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.routing.domain.case.case import CaseUpdate
from shared.clock import to_city_time
from shared.db.transaction import Tx


async def append_history(tx: Tx, updates: Sequence[CaseUpdate]) -> None:
    """One line for each thing told, in their order."""
    if not updates:
        return
    rows = [_row(update) for update in updates]
    await tx.execute(
        """INSERT INTO case_history (root_id, at, type, because, because_id, state, actor, task_id, step,
                                     office, reason, dossier_id)
           SELECT root_id, at, type, because, because_id, state, actor, task_id, step, office, reason,
                  dossier_id
             FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[],
                         $7::jsonb[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::uuid[])
                  WITH ORDINALITY
               AS given (root_id, at, type, because, because_id, state, actor, task_id, step, office, reason,
                         dossier_id, place)
            ORDER BY place""",
        *[list(column) for column in zip(*rows, strict=True)],
    )


async def read_history(tx: Tx, root: UUID) -> list[dict[str, Any]]:
    """The lines of one case, oldest first."""
    rows = await tx.fetch(
        """SELECT at, type, because, because_id, state, actor, task_id, step, office, reason, dossier_id
             FROM case_history WHERE root_id = $1 ORDER BY n""",
        root,
    )
    return [dict(row) for row in rows]


async def read_all(tx: Tx) -> dict[UUID, list[dict[str, Any]]]:
    """Every case's lines without ids, as a dump compares them."""
    rows = await tx.fetch(
        """SELECT root_id, at, type, because, state, actor, step, office, reason
             FROM case_history ORDER BY root_id, n"""
    )
    lines_by_root: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        line = {name: value for name, value in row.items() if name != "root_id"}
        lines_by_root.setdefault(row["root_id"], []).append(
            line | {"at": to_city_time(row["at"]).isoformat()}
        )
    return lines_by_root


async def applied_causes(tx: Tx, causes: Sequence[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Which of these (root, id of the cause) have had their effect."""
    rows = await tx.fetch(
        """SELECT DISTINCT root_id, because_id FROM case_history
             JOIN unnest($1::uuid[], $2::text[])
               AS asked (root_id, because_id) USING (root_id, because_id)""",
        [root for root, _ in causes],
        [cause for _, cause in causes],
    )
    return {(row["root_id"], row["because_id"]) for row in rows}


def _row(update: CaseUpdate) -> tuple[Any, ...]:
    actor = update.cause.actor.to_json()
    task = update.task
    about = (task.id, task.step, task.office) if task else (None, None, None)
    cause = (update.cause.fact, update.cause.id)
    child = update.child.id if update.child else None
    return (
        update.case.root,
        update.at,
        update.type,
        *cause,
        update.case.state.value,
        actor,
        *about,
        update.reason,
        child,
    )
