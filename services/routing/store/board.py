"""Counts of the operations board. `board_lists` lists the dossiers behind each count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from services.routing.domain.deadlines.remaining_work import RemainingStep
from services.routing.store.documents import NEW_DATE
from services.routing.store.office_turn import IS_OFFICES_TURN
from shared.clock import to_city_time
from shared.db.transaction import Tx
from shared.events.case import COMPLETED, OPENED, ROUTED

OPEN_NOW = f"""
    SELECT c.root_id, c.code, c.procedure, c.version, c.state, c.submitted_at, c.accepted_at,
           c.promised_due_at,
           CASE WHEN c.current_due_at IS NOT NULL THEN c.current_due_at
                WHEN c.promised_due_at IS NULL AND {IS_OFFICES_TURN} THEN t.due_at END AS due_at,
           CASE WHEN {IS_OFFICES_TURN} THEN t.due_at END AS step_due_at,
           t.desk, t.office_short, t.party, t.queued_at, t.step, t.title_vi, t.title_en, t.to_topic,
           (c.request ->> 'answer_by')::timestamptz AS answer_by, c.seeks_an_office,
           {NEW_DATE} AS new_due_at
      FROM cases c JOIN tasks t ON t.root_id = c.root_id AND t.state IN ('queued', 'started', 'declined')
     WHERE c.state NOT IN ('refused', 'stopped', 'completed', 'returned')"""  # noqa: S608  (our own constant)
"""One row for each open dossier and each desk that has it.

`due_at`: of the dossier; of its task before acceptance, and where no date is promised; null while the clock
is paused. `step_due_at`: of the task on this desk; null while it waits for the citizen or another person.
"""

AT_RISK = "due_at >= $1 AND due_at <= CASE state WHEN 'submitted' THEN $3::timestamptz ELSE $2 END"
"""Due by the close of the next working day. A dossier that waits for acceptance counts only if that is due
today: otherwise every dossier just filed would be at risk."""

LATE_STEP = "step_due_at < $1"
"""The step on this desk is overdue, whatever the dossier's own date."""

UNANSWERED = "state IN ('supplement_requested', 'payment_requested') AND answer_by < $1"
"""The citizen did not answer in time: the office may stop the dossier (form 05) or wait longer."""

NEW_DATE_PASSED = "new_due_at < $1"
"""The new date of a signed apology has passed too."""

FLOWS = {OPENED: "submitted", ROUTED: "accepted", COMPLETED: "completed"}
REPLIES_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BoardSpan:
    """Instants of the board. `until`: the close of the next working day; `today`: today's close."""

    now: datetime
    until: datetime
    today: datetime


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """Numbers of open dossiers, each dossier counted once.

    `late`: the dossier's own date has passed. `late_steps`: a step of it is overdue. `letters`: with an
    apology to sign. `unanswered`: the citizen did not answer in time. `new_dates`: the new date of an apology
    has passed.
    """

    at_risk: int
    late: int
    late_steps: int
    open: int
    to_receive: int
    letters: int
    unanswered: int
    unplaced: int
    new_dates: int


@dataclass(frozen=True, slots=True)
class DeskLoad:
    """Numbers of dossiers on one desk. `oldest`: when its oldest task was queued.

    `late_steps`: the step on this desk is overdue. `late`: the whole dossier is, whoever let it happen.
    """

    desk: str
    short: str
    party: str | None
    to_topic: bool
    at_risk: int
    late: int
    late_steps: int
    open: int
    oldest: datetime
    last_reply_at: datetime | None = None

    @property
    def is_overdue(self) -> bool:
        """Whether a step on this desk, or a dossier that it holds, is late."""
        return bool(self.late_steps or self.late)


@dataclass(frozen=True, slots=True)
class HourFlow:
    """Numbers of dossiers filed, accepted and completed in one hour of a day (0 to 23)."""

    hour: int
    submitted: int = 0
    accepted: int = 0
    completed: int = 0


async def board_counts(tx: Tx, span: BoardSpan) -> BoardCounts:
    """Count the open dossiers."""
    row = await tx.fetchrow(
        f"""WITH open_now AS ({OPEN_NOW}),
            dossiers AS (SELECT root_id, state, min(due_at) AS due_at, bool_or(step = 'letter') AS letter,
                                 max(answer_by) AS answer_by, bool_or(seeks_an_office) AS unplaced,
                                 max(new_due_at) AS new_due_at, min(step_due_at) AS step_due_at
                            FROM open_now GROUP BY root_id, state)
            SELECT count(*) FILTER (WHERE {AT_RISK}) AS at_risk,
                   count(*) FILTER (WHERE due_at < $1) AS late,
                   count(*) FILTER (WHERE {LATE_STEP}) AS late_steps,
                   count(*) AS open,
                   count(*) FILTER (WHERE state = 'submitted') AS to_receive,
                   count(*) FILTER (WHERE letter) AS letters,
                   count(*) FILTER (WHERE {UNANSWERED}) AS unanswered,
                   count(*) FILTER (WHERE unplaced) AS unplaced,
                   count(*) FILTER (WHERE {NEW_DATE_PASSED}) AS new_dates
              FROM dossiers""",  # noqa: S608  (our own constant)
        span.now,
        span.until,
        span.today,
    )
    return BoardCounts(**dict(row or {}))


async def desk_loads(tx: Tx, span: BoardSpan) -> list[DeskLoad]:
    """The desks with open dossiers, those with most overdue first."""
    rows = await tx.fetch(
        f"""WITH open_now AS ({OPEN_NOW})
            SELECT desk, max(office_short) AS short, max(party) AS party, bool_or(to_topic) AS to_topic,
                   count(DISTINCT root_id) FILTER (WHERE {AT_RISK}) AS at_risk,
                   count(DISTINCT root_id) FILTER (WHERE due_at < $1) AS late,
                   count(DISTINCT root_id) FILTER (WHERE {LATE_STEP}) AS late_steps,
                   count(DISTINCT root_id) AS open, min(queued_at) AS oldest
              FROM open_now GROUP BY desk
             ORDER BY late_steps DESC, late DESC, at_risk DESC, open DESC, desk""",  # noqa: S608
        span.now,
        span.until,
        span.today,
    )
    reply_times = await last_reply_times(tx, [row["desk"] for row in rows], span.now)
    loads: list[DeskLoad] = []
    for row in rows:
        times = {"oldest": to_city_time(row["oldest"]), "last_reply_at": reply_times.get(row["desk"])}
        loads.append(DeskLoad(**dict(row) | times))
    return loads


REMAINING_WORK = """(SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'step', w.step, 'after', w.after, 'unit', w.unit, 'amount', w.amount,
                   'started_at', date_trunc('hour', w.started_at)) ORDER BY w.n), '[]')
              FROM tasks w
             WHERE w.root_id = chosen.root_id AND w.dossier_id IS NULL AND w.state NOT IN ('done', 'closed')
               AND w.kind NOT IN ('receive', 'letter', 'question') AND NOT w.excluded AND NOT w.pauses)"""
"""The steps that the dossier still needs within its limit, as JSON."""

REMAINING_STEPS = TypeAdapter(tuple[RemainingStep, ...])


@dataclass(frozen=True, slots=True)
class RemainingWork:
    """Dossiers with the same steps left, due at the same instant: how many they are."""

    due_at: datetime
    steps: tuple[RemainingStep, ...]
    dossiers: int


async def work_at_risk(tx: Tx, span: BoardSpan) -> list[RemainingWork]:
    """The dossiers at risk, by what they still need and until when."""
    rows = await tx.fetch(
        f"""WITH open_now AS ({OPEN_NOW}),
            dossiers AS (SELECT root_id, state, min(due_at) AS due_at FROM open_now GROUP BY root_id, state),
            work AS (SELECT due_at, {REMAINING_WORK} AS steps FROM dossiers AS chosen WHERE {AT_RISK})
            SELECT due_at, steps, count(*) AS dossiers FROM work GROUP BY due_at, steps""",  # noqa: S608
        span.now,
        span.until,
        span.today,
    )
    return [
        RemainingWork(
            to_city_time(row["due_at"]), REMAINING_STEPS.validate_python(row["steps"]), row["dossiers"]
        )
        for row in rows
    ]


async def last_reply_times(tx: Tx, desks: Sequence[str], now: datetime) -> dict[str, datetime]:
    """When each of these offices last acted on a task, within `REPLIES_WITHIN`."""
    rows = await tx.fetch(
        """SELECT office, max(at) AS at FROM case_history
            WHERE at > $2 AND office = ANY($1) AND because LIKE 'task.%' GROUP BY office""",
        list(desks),
        now - REPLIES_WITHIN,
    )
    return {row["office"]: to_city_time(row["at"]) for row in rows}


async def hourly_flows(tx: Tx, midnight: datetime) -> list[HourFlow]:
    """The 24 hours of the day that begins at `midnight`."""
    rows = await tx.fetch(
        """SELECT type, extract(hour FROM at AT TIME ZONE interval '7 hours')::int AS hour,
                  count(*) AS n
             FROM case_history WHERE at >= $1 AND at < $1 + interval '1 day' AND type = ANY($2)
            GROUP BY type, hour""",
        midnight,
        list(FLOWS),
    )
    counts: dict[int, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["hour"], {})[FLOWS[row["type"]]] = row["n"]
    return [HourFlow(hour, **counts.get(hour, {})) for hour in range(24)]


def ward_loads(loads: Sequence[DeskLoad]) -> Mapping[str, tuple[int, int]]:
    """By ward code: the number of dossiers on desks of its offices, and how many of them are late."""
    by_ward: dict[str, tuple[int, int]] = {}
    for load in loads:
        ward = load.desk.partition(".")[2]
        open_now, late = by_ward.get(ward, (0, 0))
        by_ward[ward] = (open_now + load.open, late + load.late)
    return by_ward
