"""Each child dossier is opened once and ends once, and the root's step has the same outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.topics import Record
from shared.events.case import CHILD_COMPLETED, CHILD_FAILED, CHILD_OPENED

Sql: TypeAlias = asyncpg.Connection | PoolConnectionProxy
EventCounts: TypeAlias = Counter[tuple[str, str]]
OPEN = frozenset({"in_process", "supplement_requested", "payment_requested"})

CHILDREN = """
    SELECT c.code AS root, c.state AS root_state, one ->> 'id' AS id, one ->> 'code' AS code,
           one ->> 'state' AS state, one ->> 'outcome' AS outcome,
           (SELECT t.state FROM routing.tasks t WHERE t.child = (one ->> 'id')::uuid) AS step_state
      FROM routing.cases c, jsonb_array_elements(c.children) AS one ORDER BY c.code, one ->> 'code'"""


async def children_are_their_roots_steps(sql: Sql, records: Sequence[Record]) -> Finding:
    """Compare the children in routing's tables with their events on `case.updates`."""
    rows = await sql.fetch(CHILDREN)
    event_counts: EventCounts = Counter(
        (record.type, _child_id(record)) for record in _without_repeats(records)
    )
    errors = [f"{row['code']}: {error}" for row in rows for error in _errors(row, event_counts)]
    ids = {row["id"] for row in rows}
    errors += [f"{id}: told of, and no root has it" for _, id in event_counts if id not in ids]
    finished = [row for row in rows if row["state"] not in OPEN]
    granted = sum(row["outcome"] == "granted" for row in finished)
    line = f"{len(rows)} child dossiers, each opened once: {granted} did their root's step, "
    return Finding(f"{line}{len(finished) - granted} failed, {len(rows) - len(finished)} in hand", errors)


def _without_repeats(records: Sequence[Record]) -> Iterator[Record]:
    """Events about children, each id once."""
    types = {CHILD_OPENED, CHILD_COMPLETED, CHILD_FAILED}
    yield from {record.id: record for record in records if record.type in types}.values()


def _child_id(record: Record) -> str:
    return str(orjson.loads(record.value)["dossier_id"])


def _errors(row: Any, event_counts: EventCounts) -> Iterator[str]:
    is_open, granted = row["state"] in OPEN, row["outcome"] == "granted"
    for type_, expected in (
        (CHILD_OPENED, 1),
        (CHILD_COMPLETED, int(granted)),
        (CHILD_FAILED, int(not is_open and not granted)),
    ):
        if event_counts[type_, row["id"]] != expected:
            yield f"{type_} was told {event_counts[type_, row['id']]} times instead of {expected}"
    if is_open and row["root_state"] in {"stopped", "completed", "returned"}:
        yield f"in hand, and its root {row['root']} is {row['root_state']}"
    expected_step = "waiting" if is_open else "done" if granted else "closed"
    if row["step_state"] != expected_step:
        yield f"{row['outcome'] or row['state']}, and its root's step is {row['step_state']}"
