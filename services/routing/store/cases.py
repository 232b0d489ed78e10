"""Cases and their tasks as rows: one statement a table, for one case or five hundred."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.routing.domain.case import Case, root_code
from services.routing.domain.standing import Stage, State
from services.routing.store import deadlines, process, tasks
from services.routing.store.catalogue import REVISION
from services.routing.store.children import children_json, papers_json, papers_of, with_children
from services.routing.store.tasks import OfFamily
from shared.clock import in_city
from shared.db.transaction import Tx

COLUMNS = """root_id, code, kind, state, procedure, version, channel, subject_ref, link_ref, place, facts,
             delivery, filed_by, receiving_office, receiving_short, auto_accept, submitted_at, papers,
             accepted_at, promised_due_at, current_due_at, explanation, completed_at, outcome, refused_reason,
             refused_rule, stage, resume_to, ledger, request, stop_asked, second_supplement, apology,
             supplements_at_door, children, unplaced, seeks_an_office"""

READ = f"{COLUMNS}, {deadlines.FIRED}"

LISTS = ("explanation", "ledger", "papers", "children")
"""JSON that is a list: asyncpg takes a list in an array for a dimension, so these go as text."""

AS_GIVEN = re.sub(rf"\b({'|'.join(LISTS)})\b", r"\1::jsonb", COLUMNS)

REBUILT = frozenset(
    {
        *("root_id", "state", "explanation", "stage", "resume_to", "ledger"),
        *("request", "stop_asked", "alarms", "apology", "papers", "children"),
        *("unplaced", "seeks_an_office", "revision", "at"),
    }
)


@dataclass(frozen=True, slots=True)
class Locked:
    """Cases that are ours until the commit, the revision of the catalogue as stored, the city's time."""

    cases: Mapping[UUID, Case]
    revision: str
    at: datetime


async def lock(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, Case]:
    """The cases of these roots with their tasks, locked in id order so that two batches cannot deadlock."""
    rows = await tx.fetch(
        f"SELECT {READ} FROM cases WHERE root_id = ANY($1) ORDER BY root_id FOR UPDATE",  # noqa: S608
        list(roots),
    )
    return _with_tasks(rows, await tasks.of_cases(tx, [row["root_id"] for row in rows]))


async def lock_now(tx: Tx, roots: Sequence[UUID]) -> Locked:
    """The same, and what a decision goes by: the catalogue's revision and the city's time, asked with it."""
    rows = await tx.fetch(
        f"""SELECT now.*, found.*
              FROM (SELECT ({REVISION}) AS revision, city.now() AS at) AS now
              LEFT JOIN (SELECT {READ} FROM cases
                          WHERE root_id = ANY($1) ORDER BY root_id FOR UPDATE) AS found ON true""",  # noqa: S608
        list(roots),
    )
    found = [row for row in rows if row["root_id"]]
    with_tasks = _with_tasks(found, await tasks.of_cases(tx, [row["root_id"] for row in found]))
    return Locked(with_tasks, rows[0]["revision"], in_city(rows[0]["at"]))


async def read(tx: Tx, roots: Sequence[UUID]) -> dict[UUID, Case]:
    """The same without a lock, to show."""
    rows = await tx.fetch(f"SELECT {READ} FROM cases WHERE root_id = ANY($1)", list(roots))  # noqa: S608
    return _with_tasks(rows, await tasks.of_cases(tx, [row["root_id"] for row in rows]))


async def read_all(tx: Tx) -> list[Case]:
    """Every case by code: for a dump, not for a page."""
    rows = await tx.fetch(f"SELECT {READ} FROM cases ORDER BY code")  # noqa: S608
    return list(_with_tasks(rows, await tasks.of_cases(tx, [row["root_id"] for row in rows])).values())


async def by_code(tx: Tx, code: str) -> Case | None:
    """The case of this dossier code, or the root of the child with this code, to show."""
    root = await tx.fetchval("SELECT root_id FROM cases WHERE code = $1", root_code(code))
    return (await read(tx, [root]))[root] if root else None


async def claim(tx: Tx, roots: Sequence[UUID]) -> None:
    """Roots about to be opened: nobody else opens them until this transaction ends. In id order."""
    await tx.execute(
        """SELECT pg_advisory_xact_lock(hashtextextended(root::text, 0))
             FROM (SELECT root FROM unnest($1::uuid[]) AS root ORDER BY root) AS wanted""",
        list(roots),
    )


async def insert(tx: Tx, opened: Sequence[Case]) -> None:
    """New cases with their first tasks."""
    if not opened:
        return
    await tx.execute(
        f"""INSERT INTO cases ({COLUMNS})
            SELECT {AS_GIVEN}
              FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
                $7::text[], $8::uuid[], $9::text[], $10::jsonb[], $11::jsonb[],
                $12::text[], $13::text[], $14::text[], $15::text[], $16::bool[],
                $17::timestamptz[], $18::text[], $19::timestamptz[],
                $20::timestamptz[], $21::timestamptz[], $22::text[],
                $23::timestamptz[], $24::text[], $25::text[], $26::text[], $27::text[],
                $28::jsonb[], $29::text[], $30::jsonb[], $31::jsonb[], $32::bool[],
                $33::jsonb[], $34::int[], $35::text[], $36::jsonb[], $37::bool[]) AS given ({COLUMNS})""",  # noqa: S608
        *_arrays([_row(case) for case in opened]),
    )


async def update(tx: Tx, changed: Sequence[Case]) -> None:
    """What may change in a case: its place, dates, facts and end. What came with the dossier never does."""
    if not changed:
        return
    rows = [_moving(case) for case in changed]
    await tx.execute(
        """UPDATE cases SET state = given.state, version = given.version, accepted_at = given.accepted_at,
                  promised_due_at = given.promised_due_at, current_due_at = given.current_due_at,
                  explanation = given.explanation::jsonb, completed_at = given.completed_at,
                  outcome = given.outcome, refused_reason = given.refused_reason,
                  refused_rule = given.refused_rule, stage = given.stage, resume_to = given.resume_to,
                  ledger = given.ledger::jsonb, request = given.request, stop_asked = given.stop_asked,
                  second_supplement = given.second_supplement, apology = given.apology,
                  supplements_at_door = given.supplements_at_door, children = given.children::jsonb,
                  unplaced = given.unplaced, seeks_an_office = given.seeks_an_office, sought_in = NULL
             FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[],
                         $6::timestamptz[], $7::text[], $8::timestamptz[], $9::text[], $10::text[],
                         $11::text[], $12::text[], $13::jsonb[], $14::text[], $15::jsonb[], $16::jsonb[],
                         $17::bool[], $18::jsonb[], $19::int[], $20::text[], $21::jsonb[], $22::bool[])
               AS given (root_id, state, version, accepted_at, promised_due_at, current_due_at,
                         explanation, completed_at, outcome, refused_reason, refused_rule, stage,
                         resume_to, ledger, request, stop_asked, second_supplement, apology,
                         supplements_at_door, children, unplaced, seeks_an_office)
            WHERE cases.root_id = given.root_id""",
        *_arrays(rows),
    )


def _row(case: Case) -> tuple[Any, ...]:
    fixed = (case.procedure, case.version, case.channel, case.subject_ref, case.link_ref)
    handed_in = (dict(case.place), dict(case.facts), case.delivery, case.filed_by)
    door = (case.receiving_office, case.receiving_short, case.auto_accept, case.submitted_at)
    papers = papers_json(case.papers)
    root, state, _, *moving = _moving(case)
    return (root, case.code, case.kind, state, *fixed, *handed_in, *door, papers, *moving)


def _moving(case: Case) -> tuple[Any, ...]:
    why = orjson.dumps(list(case.explanation)).decode()
    dates = (case.accepted_at, case.promised_due_at, case.current_due_at, why)
    end = (case.completed_at, case.outcome, case.refused_reason, case.refused_rule)
    return (case.root, case.state.value, case.version, *dates, *end, *_process(case))


def _process(case: Case) -> tuple[Any, ...]:
    facts = orjson.dumps(process.ledger_json(case.ledger)).decode()
    asked = (process.request_json(case.request), process.stop_json(case.stop_asked))
    end = (case.second_supplement, case.apology, case.supplements_at_door)
    return (
        case.stage,
        process.standing_json(case.resume_to),
        facts,
        *asked,
        *end,
        children_json(case.children),
        process.unplaced_json(case.unplaced),
        case.seeks_an_office,
    )


def _arrays(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _with_tasks(rows: Sequence[Mapping[str, Any]], found: Mapping[UUID, OfFamily]) -> dict[UUID, Case]:
    return {row["root_id"]: _case(row, found.get(row["root_id"], {})) for row in rows}


def _case(row: Mapping[str, Any], tasks: OfFamily) -> Case:
    values = {name: value for name, value in row.items() if name not in REBUILT}
    for name in ("submitted_at", "accepted_at", "promised_due_at", "current_due_at", "completed_at"):
        values[name] = in_city(values[name]) if values[name] else None
    root = Case(
        root=row["root_id"],
        state=State(row["state"]),
        explanation=tuple(row["explanation"]),
        stage=Stage(row["stage"]) if row["stage"] else None,
        resume_to=process.standing_of(row["resume_to"]),
        ledger=process.ledger_of(row["ledger"]),
        request=process.request_of(row["request"]),
        stop_asked=process.stop_of(row["stop_asked"]),
        apology=process.APOLOGY.validate_python(row["apology"]),
        papers=papers_of(row["papers"]),
        unplaced=process.unplaced_of(row["unplaced"]),
        alarms=deadlines.alarms_of(row["alarms"]),
        tasks=tuple(tasks.get(None, ())),
        **values,
    )
    return with_children(root, row["children"], tasks) if row["children"] else root
