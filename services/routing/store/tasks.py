"""Tasks as rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from services.routing.domain.case import Case
from services.routing.domain.task import Task, TaskState
from shared.clock import in_city
from shared.db.transaction import Tx
from shared.worktime import Limit, Unit

COLUMNS = """task_id, root_id, n, step, role, title_vi, title_en, office, office_short, after, unit, amount,
             excluded, state, desk, party, to_topic, due_at, queued_at, started_at, done_at, outcome, reason,
             moved_to, part_of, question, pauses, actor, until, dossier_id, child,
             counts_from"""


OfFamily: TypeAlias = dict[UUID | None, list[Task]]
"""The tasks of a root (under None) and of each of its children, in the order of their plans."""


async def of_cases(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, OfFamily]:
    """The tasks of these cases and of their children; their root's row is the lock."""
    if not roots:
        return {}
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM tasks WHERE root_id = ANY($1) ORDER BY root_id, n, task_id",  # noqa: S608
        list(roots),
    )
    found: dict[UUID, OfFamily] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["root_id"]][row["dossier_id"]].append(task_of(row))
    return found


async def roots_of(tx: Tx, task_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which case each of these tasks belongs to; unknown ones are left out."""
    rows = await tx.fetch("SELECT task_id, root_id FROM tasks WHERE task_id = ANY($1)", list(task_ids))
    return {row["task_id"]: row["root_id"] for row in rows}


async def save(tx: Tx, changed: Sequence[tuple[Case, Task]]) -> None:
    """New and changed tasks, each with its dossier. Closed ones first, so that a step is never open twice."""
    if not changed:
        return
    rows = [_row(case, task) for case, task in changed]
    rows.sort(key=lambda row: row[13] != TaskState.CLOSED.value)
    await tx.execute(
        f"""INSERT INTO tasks ({COLUMNS})
            SELECT task_id, root_id, n, step, role, title_vi, title_en, office, office_short,
                   string_to_array(after, ','), unit, amount, excluded, state, desk, party, to_topic,
                   due_at, queued_at, started_at, done_at, outcome, reason, moved_to, part_of, question,
                   pauses, actor, until, dossier_id, child, counts_from
              FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
                          $8::text[], $9::text[], $10::text[], $11::text[], $12::float8[], $13::bool[],
                          $14::text[], $15::text[], $16::text[], $17::bool[], $18::timestamptz[],
                          $19::timestamptz[], $20::timestamptz[], $21::timestamptz[], $22::text[],
                          $23::text[], $24::text[], $25::text[], $26::text[], $27::bool[], $28::text[],
                          $29::date[], $30::uuid[], $31::uuid[], $32::timestamptz[])
                AS given ({COLUMNS})
                ON CONFLICT (task_id) DO UPDATE
               SET n = EXCLUDED.n, after = EXCLUDED.after, state = EXCLUDED.state,
                   desk = EXCLUDED.desk, party = EXCLUDED.party, to_topic = EXCLUDED.to_topic,
                   due_at = EXCLUDED.due_at, queued_at = EXCLUDED.queued_at,
                   started_at = EXCLUDED.started_at, done_at = EXCLUDED.done_at,
                   outcome = EXCLUDED.outcome, reason = EXCLUDED.reason, moved_to = EXCLUDED.moved_to,
                   child = EXCLUDED.child, counts_from = EXCLUDED.counts_from""",  # noqa: S608
        *[list(column) for column in zip(*rows, strict=True)],
    )


def task_of(row: Mapping[str, Any]) -> Task:
    """A task from its row."""
    moments = ("due_at", "queued_at", "counts_from", "started_at", "done_at")
    return Task(
        id=row["task_id"],
        n=row["n"],
        step=row["step"],
        role=row["role"],
        title_vi=row["title_vi"],
        title_en=row["title_en"],
        office=row["office"],
        office_short=row["office_short"],
        after=tuple(row["after"]),
        limit=Limit(Unit(row["unit"]), row["amount"]),
        excluded=row["excluded"],
        pauses=row["pauses"],
        actor=row["actor"],
        until=row["until"],
        state=TaskState(row["state"]),
        party=row["party"],
        to_topic=row["to_topic"],
        outcome=row["outcome"],
        reason=row["reason"],
        moved_to=row["moved_to"],
        part_of=row["part_of"],
        question=row["question"],
        child=row["child"],
        **{name: in_city(row[name]) if row[name] else None for name in moments},
    )


def _row(case: Case, task: Task) -> tuple[Any, ...]:
    what = (task.step, task.role, task.title_vi, task.title_en, task.office, task.office_short)
    budget = (",".join(task.after), task.limit.unit.value, float(task.limit.amount), task.excluded)
    where = (task.state.value, task.desk, task.party, task.to_topic)
    when = (task.due_at, task.queued_at, task.started_at, task.done_at)
    end = (task.outcome, task.reason, task.moved_to, task.part_of, task.question)
    own = (task.pauses, task.actor, task.until, case.child_id, task.child, task.counts_from)
    return (task.id, case.root, task.n, *what, *budget, *where, *when, *end, *own)
