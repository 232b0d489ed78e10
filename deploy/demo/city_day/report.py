"""The report of the city day: one completed dossier per procedure, from filing to result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from deploy.demo.agencies.hours import working_days
from deploy.demo.dossiers_procedures import KINDS
from shared.clock import to_city_time


@dataclass(frozen=True)
class Journey:
    """One completed dossier. `offices`: those that worked on it, in order."""

    procedure: str
    code: str
    offices: tuple[str, ...]
    accepted_at: datetime
    promised_due_at: datetime | None
    completed_at: datetime

    @property
    def promised(self) -> str:
        """The promised time in working days, as text; for a procedure without a limit there is none."""
        if self.promised_due_at is None:
            return "no date"
        return _days(self.accepted_at, self.promised_due_at)

    @property
    def duration(self) -> str:
        return _days(self.accepted_at, self.completed_at)

    def line(self) -> str:
        """The line of the report."""
        late = self.promised_due_at is not None and self.completed_at > self.promised_due_at
        duration_text = f"promised {self.promised}, taken {self.duration}{' (late)' if late else ''}"
        return f"{self.procedure:<24} {self.code:<26} {duration_text:<40} {' → '.join(self.offices)}"


async def journeys(sql: asyncpg.Connection, codes: Iterable[str]) -> list[Journey]:
    """Of these dossiers, the first filed of each procedure that was completed."""
    rows = await sql.fetch(
        """SELECT DISTINCT ON (c.procedure) c.procedure, c.code, c.accepted_at, c.promised_due_at,
                  c.completed_at,
                  (SELECT array_agg(t.office_short ORDER BY t.done_at, t.n) FROM routing.tasks t
                    WHERE t.root_id = c.root_id AND t.state = 'done'
                      AND t.outcome <> 'filed') AS offices
             FROM routing.cases c WHERE c.state = 'completed' AND c.code = ANY($1)
            ORDER BY c.procedure, c.submitted_at, c.code""",
        list(codes),
    )
    return [_journey(row) for row in rows]


def missing(completed: Iterable[Journey]) -> list[str]:
    """The procedures without a completed dossier."""
    return sorted({kind.procedure for kind in KINDS} - {journey.procedure for journey in completed})


def _journey(row: asyncpg.Record) -> Journey:
    offices = list(dict.fromkeys(row["offices"] or ()))
    promised = row["promised_due_at"]
    return Journey(
        procedure=row["procedure"],
        code=row["code"],
        offices=tuple(offices),
        accepted_at=to_city_time(row["accepted_at"]),
        promised_due_at=to_city_time(promised) if promised else None,
        completed_at=to_city_time(row["completed_at"]),
    )


def _days(start: datetime, end: datetime) -> str:
    count = working_days(start.date(), end.date())
    return "same day" if count == 0 else f"{count} working day{'s' if count > 1 else ''}"
