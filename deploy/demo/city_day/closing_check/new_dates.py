"""Each new date of an apology is watched to its end: kept, or told once to the head and to the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import asyncpg

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.letters import Sql
from deploy.demo.city_day.closing_check.topics import Record
from shared.events.case import NEW_DATE_PASSED

SIGNED = """
    SELECT c.root_id, c.code, c.completed_at, (c.apology ->> 'new_due_at')::timestamptz AS new_due_at,
           coalesce((SELECT array_agg(f.told ORDER BY f.n) FROM routing.deadlines_fired f
                      WHERE f.root_id = c.root_id AND f.scope = 'new_date' AND f.level IN ('breach', 'city')),
                    '{}') AS told
      FROM routing.cases c WHERE c.apology ->> 'signed_at' IS NOT NULL"""
TO_BOTH = ["head", "city"]


async def each_new_date_has_its_end(sql: Sql, records: Sequence[Record], now: datetime) -> Finding:
    """By the dates themselves: what passed by now while nobody had a result, and to whom that was told.

    A dossier that ended later than its new date may have ended before anybody looked: its end goes first.
    """
    rows = await sql.fetch(SIGNED)
    said = Counter(
        record.key.decode() for record in records if record.headers.get("ce_type") == NEW_DATE_PASSED.encode()
    )
    against = [f"{row['code']}: {why}" for row in rows for why in _wrong(row, said, now)]
    signed = {str(row["root_id"]) for row in rows}
    against += [f"{root}: a new date that nobody signed has passed" for root in sorted(said.keys() - signed)]
    broken = [f"{row['code']}: told {row['new_due_at']:%d/%m/%Y}" for row in rows if _has_passed(row, now)]
    line = f"{len(rows)} new dates were promised, {len(broken)} passed too, each told to head and city"
    return Finding(line, against, broken[:12])


def _wrong(row: asyncpg.Record, said: Counter[str], now: datetime) -> Iterator[str]:
    told, records = list(row["told"]), said[str(row["root_id"])]
    if told and told != TO_BOTH:
        yield f"its new date's end was told to {', '.join(told)}"
    if told and not _has_passed(row, now):
        yield "its new date was kept, and said to have passed"
    if not told and _has_passed(row, now) and row["completed_at"] is None:
        yield "its new date has passed, and nobody was told"
    if records != bool(told):
        yield f"{NEW_DATE_PASSED} was told {records} times instead of {int(bool(told))}"


def _has_passed(row: asyncpg.Record, now: datetime) -> bool:
    return row["new_due_at"] < (row["completed_at"] or now)
