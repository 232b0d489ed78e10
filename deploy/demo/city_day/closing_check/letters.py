"""Each breach of a dossier has one apology: drafted once, signed before later steps, sent once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.topics import Record
from shared.events.case import APOLOGY_DRAFTED, APOLOGY_ISSUED

Sql: TypeAlias = asyncpg.Connection | PoolConnectionProxy

BREACHES = """
    SELECT c.root_id, c.code, c.state, c.completed_at, c.apology,
           (c.apology ->> 'drafted_at')::timestamptz AS drafted_at,
           (c.apology ->> 'signed_at')::timestamptz AS signed_at,
           coalesce((SELECT array_agg(t.step) FROM routing.tasks t
                      WHERE t.root_id = c.root_id AND t.dossier_id IS NULL
                        AND t.step <> 'letter' AND t.state <> 'closed'
                        AND t.queued_at > (c.apology ->> 'drafted_at')::timestamptz
                        AND t.queued_at < coalesce((c.apology ->> 'signed_at')::timestamptz, 'infinity')
                        AND NOT EXISTS (SELECT FROM routing.tasks o
                                         WHERE o.root_id = t.root_id AND o.step = t.step
                                           AND o.task_id <> t.task_id)), '{}') AS went_on
      FROM routing.deadlines_fired f JOIN routing.cases c USING (root_id)
     WHERE f.about = f.root_id AND f.level = 'breach' AND c.kind = 'statutory'"""
"""Children need no apology: citizens get no promise for them. A reassigned step is no later step, so only
steps that were queued once count."""


async def each_breach_has_its_letter(sql: Sql, records: Sequence[Record]) -> Finding:
    """Compare breaches and apologies in routing's tables with their events on `case.updates`."""
    rows = await sql.fetch(BREACHES)
    event_counts = Counter((record.type, record.key.decode()) for record in records)
    errors = [f"{row['code']}: {error}" for row in rows for error in _errors(row, event_counts)]
    late = {str(row["root_id"]) for row in rows}
    unexpected = {root for type_, root in event_counts if type_ in {APOLOGY_DRAFTED, APOLOGY_ISSUED}} - late
    errors += [f"{root}: an apology without a breach" for root in sorted(unexpected)]
    signed = sum(row["signed_at"] is not None for row in rows)
    unsigned = [f"{row['code']}: unsigned" for row in rows if row["apology"] and not row["signed_at"]]
    line = f"{len(rows)} dossiers went late, each has its letter ({signed} signed), nothing went on before it"
    return Finding(line, errors, unsigned[:12])


def _errors(row: asyncpg.Record, event_counts: Counter[tuple[str, str]]) -> list[str]:
    root = str(row["root_id"])
    issued = int(row["signed_at"] is not None)
    errors = [
        f"{type_} was told {event_counts[type_, root]} times instead of {expected}"
        for type_, expected in ((APOLOGY_DRAFTED, 1), (APOLOGY_ISSUED, issued))
        if event_counts[type_, root] != expected
    ]
    if row["apology"] is None:
        errors.append("late without a letter")
    if row["went_on"]:
        errors.append(f"went on before the letter: {', '.join(row['went_on'])}")
    if row["state"] in ("completed", "returned") and not _signed_first(row):
        errors.append("completed before the letter")
    return errors


def _signed_first(row: asyncpg.Record) -> bool:
    return row["signed_at"] is not None and row["signed_at"] <= row["completed_at"]
