"""Lists of the dossiers behind each count of the board."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.routing.domain.deadlines.remaining_work import RemainingStep
from services.routing.store.board import (
    AT_RISK,
    LATE_STEP,
    NEW_DATE_PASSED,
    OPEN_NOW,
    REMAINING_WORK,
    UNANSWERED,
    BoardSpan,
)
from shared.db.table import row_reader
from shared.db.transaction import Tx
from shared.events.case import COMPLETED, OPENED, ROUTED, MissingOffice

LIMIT = 500
OPEN_FILTERS = {
    "at_risk": AT_RISK,
    "late": "due_at < $1",
    "late_steps": LATE_STEP,
    "to_receive": "state = 'submitted'",
    "open": "true",
    "letters": "step = 'letter'",
    "unanswered": UNANSWERED,
    "unplaced": "seeks_an_office",
    "new_dates": NEW_DATE_PASSED,
}
ORDER = {"late_steps": "step_due_at"}
"""The date by which a list is sorted, where it is not the dossier's own."""
TODAY_EVENTS = {"submitted": OPENED, "accepted": ROUTED, "completed": COMPLETED}


ESCALATED_TO = """(SELECT f.told FROM deadlines_fired f
             WHERE f.root_id = chosen.root_id AND f.due_at IN (chosen.due_at, chosen.step_due_at)
               AND f.level IN ('breach', 'head', 'city') ORDER BY f.n DESC LIMIT 1) AS escalated_to"""
"""The last recipient of the breach or escalation of one of the dates shown."""


MISSING_OFFICE = """(SELECT coalesce(c.unplaced, (
                SELECT one -> 'unplaced' FROM jsonb_array_elements(c.children) AS one
                 WHERE jsonb_typeof(one -> 'unplaced') = 'object' LIMIT 1))
             FROM cases c WHERE c.root_id = chosen.root_id AND c.seeks_an_office) AS unplaced"""
"""The office that the dossier or one of its children waits for."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One dossier in a list. `step_due_at`: of the step named; `remaining_steps`: what it needs."""

    code: str
    procedure: str
    version: int
    state: str
    submitted_at: datetime
    due_at: datetime | None
    holder: str | None
    title_vi: str | None
    title_en: str | None
    escalated_to: str | None
    unplaced: MissingOffice | None = None
    new_due_at: datetime | None = None
    promised_due_at: datetime | None = None
    step_due_at: datetime | None = None
    remaining_steps: tuple[RemainingStep, ...] = ()


read_row = row_reader(BoardRow)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The first `LIMIT` lines of a list, and the number of all."""

    lines: list[BoardRow]
    total: int


async def list_open(tx: Tx, which: str, span: BoardSpan, *, office: str = "", ward: str = "") -> BoardPage:
    """Open dossiers by a filter of `OPEN_FILTERS`, those due first at the top.

    `office`, `ward`: only those on the desk of this office, or on desks of this ward's offices; empty: all.
    """
    by = ORDER.get(which, "due_at")
    rows = await tx.fetch(
        f"""WITH open_now AS ({OPEN_NOW}),
            chosen AS (
                SELECT DISTINCT ON (root_id) * FROM open_now
                 WHERE ({OPEN_FILTERS[which]}) AND $1::timestamptz <= $2 AND $3 <= $2
                   AND ($4 = '' OR desk = $4) AND ($5 = '' OR split_part(desk, '.', 2) = $5)
                 ORDER BY root_id, {by})
            SELECT code, procedure, version, state, submitted_at, due_at, office_short AS holder,
                   title_vi, title_en, new_due_at, promised_due_at, step_due_at,
                   {REMAINING_WORK} AS remaining_steps,
                   {ESCALATED_TO}, {MISSING_OFFICE}, count(*) OVER () AS total
              FROM chosen ORDER BY {by}, code LIMIT {LIMIT}""",  # noqa: S608  (our own constants)
        span.now,
        span.until,
        span.today,
        office,
        ward,
    )
    return _page(rows)


async def list_today(tx: Tx, which: str, midnight: datetime, *, hour: int | None = None) -> BoardPage:
    """Dossiers filed, accepted or completed on the day from `midnight`, newest first.

    `which`: a key of `TODAY_EVENTS`. `hour`: only those of this hour of the day.
    """
    rows = await tx.fetch(
        f"""SELECT c.code, c.procedure, c.version, c.state, c.submitted_at, c.current_due_at AS due_at,
                   NULL::text AS holder, NULL::text AS title_vi, NULL::text AS title_en,
                   NULL::text AS escalated_to, NULL::jsonb AS unplaced, NULL::timestamptz AS new_due_at,
                   c.promised_due_at, NULL::timestamptz AS step_due_at, '[]'::jsonb AS remaining_steps,
                   count(*) OVER () AS total
              FROM case_history h JOIN cases c USING (root_id)
             WHERE h.at >= $1 AND h.at < $1 + interval '1 day' AND h.type = $2
               AND ($3::int IS NULL
                    OR extract(hour FROM h.at AT TIME ZONE interval '7 hours')::int = $3)
             ORDER BY h.at DESC, c.code LIMIT {LIMIT}""",  # noqa: S608
        midnight,
        TODAY_EVENTS[which],
        hour,
    )
    return _page(rows)


def _page(rows: list[Any]) -> BoardPage:
    return BoardPage([read_row(row) for row in rows], rows[0]["total"] if rows else 0)
