"""Each new date of an apology is kept, or reported once to the head and once to the city."""

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
BOTH_RECIPIENTS = ["head", "city"]


async def each_new_date_has_its_end(sql: Sql, records: Sequence[Record], now: datetime) -> Finding:
    """Check the reports of new dates that passed without a result.

    A dossier may end after its new date but before its deadline is fired; then no report is required.
    """
    rows = await sql.fetch(SIGNED)
    event_counts = Counter(record.key.decode() for record in records if record.type == NEW_DATE_PASSED)
    errors = [f"{row['code']}: {error}" for row in rows for error in _errors(row, event_counts, now)]
    signed = {str(row["root_id"]) for row in rows}
    errors += [
        f"{root}: a new date that nobody signed has passed" for root in sorted(event_counts.keys() - signed)
    ]
    passed = [f"{row['code']}: told {row['new_due_at']:%d/%m/%Y}" for row in rows if _has_passed(row, now)]
    line = f"{len(rows)} new dates were promised, {len(passed)} passed too, each told to head and city"
    return Finding(line, errors, passed[:12])


def _errors(row: asyncpg.Record, event_counts: Counter[str], now: datetime) -> Iterator[str]:
    recipients, count = list(row["told"]), event_counts[str(row["root_id"])]
    if recipients and recipients != BOTH_RECIPIENTS:
        yield f"its new date's end was told to {', '.join(recipients)}"
    if recipients and not _has_passed(row, now):
        yield "its new date was kept, and said to have passed"
    if not recipients and _has_passed(row, now) and row["completed_at"] is None:
        yield "its new date has passed, and nobody was told"
    if count != bool(recipients):
        yield f"{NEW_DATE_PASSED} was told {count} times instead of {int(bool(recipients))}"


def _has_passed(row: asyncpg.Record, now: datetime) -> bool:
    return row["new_due_at"] < (row["completed_at"] or now)
