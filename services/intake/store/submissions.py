"""The tables `submissions` (a dossier per idempotency key) and `code_serials` (per unit and day)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.submission.confirmations import DuplicateDossier
from services.intake.domain.tracking.dossier_status import ENDED
from shared.clock import to_city_time
from shared.db.parameter_rows import ParameterRows
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class PreviousSubmission:
    """An earlier submission with the same key, and its dossier."""

    body_mac: bytes
    dossier_id: UUID
    code: str
    subject_ref: UUID
    sealed_secret: bytes
    link_ref: str
    auto_accepted: bool
    receiving_office: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """An idempotency key to claim for a dossier of this unit, with the hash of its body."""

    key: UUID
    body_mac: bytes
    dossier_id: UUID
    unit: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class SubmissionLookup:
    """What to look a submission up by: its key, and for duplicates the person, procedure and project."""

    key: UUID
    person_ref: bytes | None
    procedure: str | None
    project: str | None


@dataclass(frozen=True, slots=True)
class LastSerial:
    """The last serial that a unit printed on a day."""

    unit: str
    day: date
    last: int


LOOKUPS, CLAIMS, SERIALS = ParameterRows(SubmissionLookup), ParameterRows(KeyClaim), ParameterRows(LastSerial)


@dataclass(frozen=True, slots=True)
class LookupResult:
    """The city's time, and by key the earlier submission and the duplicate of each lookup."""

    at: datetime
    existing: dict[UUID, PreviousSubmission]
    duplicates: dict[UUID, DuplicateDossier]


async def look_up(tx: Tx, lookups: Sequence[SubmissionLookup]) -> LookupResult:
    """Find earlier submissions by key, and dossiers under way of the same person and project."""
    rows = await tx.fetch(
        f"""SELECT 'earlier' AS kind, s.key, s.body_mac, s.dossier_id, d.code, d.subject_ref, q.secret,
                  d.link_ref, d.auto_accepted, d.receiving_office,
                  coalesce(s.answer_by, d.answer_by) AS answer_by
             FROM submissions s
             JOIN dossiers d ON d.id = s.dossier_id
             JOIN dossier_seals q ON q.subject_ref = d.subject_ref
            WHERE s.key = ANY($1)
            UNION ALL
           SELECT 'duplicate', asked.key, NULL, NULL, twin.code, NULL, NULL, NULL, NULL, NULL,
                  twin.submitted_at
             FROM {LOOKUPS.sql("$2", name="asked")}
            CROSS JOIN LATERAL (
                  SELECT t.code, t.submitted_at
                    FROM dossiers t LEFT JOIN case_views v ON v.root_id = t.root_id
                   WHERE t.person_ref = asked.person_ref AND t.procedure = asked.procedure
                     AND t.place ->> 'project' = asked.project AND t.state::text <> ALL($3)
                     AND coalesce(v.state, '') <> ALL($3)
                   ORDER BY t.submitted_at DESC LIMIT 1) AS twin
            WHERE asked.person_ref IS NOT NULL
            UNION ALL
           SELECT 'now', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, city.now()""",  # noqa: S608
        [lookup.key for lookup in lookups],
        LOOKUPS.parameter(lookups),
        sorted(ENDED),
    )
    existing: dict[UUID, PreviousSubmission] = {}
    duplicates: dict[UUID, DuplicateDossier] = {}
    at: datetime | None = None
    for row in rows:
        match row["kind"]:
            case "earlier":
                existing[row["key"]] = _previous_submission(row)
            case "duplicate":
                duplicates[row["key"]] = DuplicateDossier(row["code"], to_city_time(row["answer_by"]))
            case _:
                at = to_city_time(row["answer_by"])
    if at is None:
        raise AssertionError("the last SELECT has one row")
    return LookupResult(at, existing, duplicates)


def _previous_submission(row: Mapping[str, Any]) -> PreviousSubmission:
    return PreviousSubmission(
        body_mac=row["body_mac"],
        dossier_id=row["dossier_id"],
        code=row["code"],
        subject_ref=row["subject_ref"],
        sealed_secret=row["secret"],
        link_ref=row["link_ref"],
        auto_accepted=row["auto_accepted"],
        receiving_office=row["receiving_office"],
        answer_by=to_city_time(row["answer_by"]),
    )


async def claim_keys(tx: Tx, claims: Sequence[KeyClaim], day: date) -> dict[UUID, int]:
    """Claim these keys, and assign the day's next serials of their units in their order, without a gap.

    Returns the serial of each key that was free. Waits for another transaction that claims the same key. One
    statement does both, so that no serial is spent on a key that was claimed before.
    """
    ordered = sorted(claims, key=lambda claim: claim.key)
    rows = await tx.fetch(
        f"""WITH new AS (
               SELECT * FROM {CLAIMS.sql(name="claim")}),
           ours AS (
               INSERT INTO submissions (key, body_mac, dossier_id, answer_by)
               SELECT key, body_mac, dossier_id, answer_by FROM new
               ON CONFLICT (key) DO NOTHING RETURNING key),
           given AS (
               INSERT INTO code_serials AS given (unit, day, last)
               SELECT unit, $2::date, count(*) FROM ours JOIN new USING (key) GROUP BY unit ORDER BY unit
                   ON CONFLICT (unit, day) DO UPDATE SET last = given.last + EXCLUDED.last
               RETURNING unit, last)
           SELECT key, last FROM ours JOIN new USING (key) JOIN given USING (unit)""",  # noqa: S608
        CLAIMS.parameter(ordered),
        day,
    )
    last_serials_by_key = {row["key"]: row["last"] for row in rows}
    won = [claim for claim in claims if claim.key in last_serials_by_key]
    counts = Counter(claim.unit for claim in won)
    assigned: Counter[str] = Counter()
    serials: dict[UUID, int] = {}
    for claim in won:
        assigned[claim.unit] += 1
        serials[claim.key] = last_serials_by_key[claim.key] - counts[claim.unit] + assigned[claim.unit]
    return serials


async def last_serials(tx: Tx, day: date) -> dict[str, int]:
    """The last serial of this day for each unit that ever printed a code; 0 for one without any that day."""
    rows = await tx.fetch(
        """SELECT unit, coalesce(max(last) FILTER (WHERE day = $1), 0) AS last
             FROM code_serials GROUP BY unit""",
        day,
    )
    return {row["unit"]: row["last"] for row in rows}


async def advance_serials(tx: Tx, last: Mapping[tuple[str, date], int]) -> None:
    """Raise the last serial of each unit and day to at least this one."""
    await tx.execute(
        f"""INSERT INTO code_serials AS present (unit, day, last)
           SELECT unit, day, last FROM {SERIALS.sql()} WHERE last > 0 ORDER BY unit, day
               ON CONFLICT (unit, day) DO UPDATE SET last = greatest(present.last, EXCLUDED.last)""",  # noqa: S608
        SERIALS.parameter([LastSerial(unit, day, number) for (unit, day), number in last.items()]),
    )
