"""No dossier is lost: filed = accepted + refused + waiting, in intake and in routing."""

from __future__ import annotations

from collections.abc import Collection

import asyncpg

from deploy.demo.city_day.closing_check.finding import Finding

ACCEPTED = frozenset(
    {
        *("accepted", "in_process", "completed", "returned", "stopped"),
        *("supplement_requested", "payment_requested", "withdrawal_requested"),
    }
)


async def filed_is_accounted_for(sql: asyncpg.Connection, slips: Collection[str]) -> Finding:
    """Check that slips, intake's dossiers and routing's cases are the same, and that the sum holds."""
    cases = {row["code"]: row for row in await sql.fetch("SELECT code, state FROM routing.cases")}
    dossiers = {
        row["code"]: row["state"] for row in await sql.fetch("SELECT code, state FROM intake.dossiers")
    }
    accepted = [code for code, row in cases.items() if row["state"] in ACCEPTED]
    refused = [code for code, row in cases.items() if row["state"] == "refused"]
    waiting = [code for code, row in cases.items() if row["state"] == "submitted"]
    summary = (
        f"{len(dossiers)} filed = {len(accepted)} accepted + {len(refused)} refused + {len(waiting)} waiting"
    )
    errors = [f"{code}: a slip without a dossier" for code in slips if code not in dossiers]
    errors += [f"{code}: routing has no case" for code in dossiers if code not in cases]
    errors += [f"{code}: a case without a dossier" for code in cases if code not in dossiers]
    errors += [
        f"{code}: intake says {state}" for code, state in dossiers.items() if _differ(cases, code, state)
    ]
    if len(dossiers) != len(accepted) + len(refused) + len(waiting):
        errors.append("the sum does not hold")
    done = sum(row["state"] in ("completed", "returned") for row in cases.values())
    stopped = sum(row["state"] == "stopped" for row in cases.values())
    in_hand = len(accepted) - done - stopped
    notes = [f"of the accepted, {done} completed, {stopped} stopped and {in_hand} are in hand"]
    return Finding(summary, errors, notes + await _waiting_lines(sql, waiting) + await _holder_lines(sql))


def _differ(cases: dict[str, asyncpg.Record], code: str, state: str) -> bool:
    """Whether intake and routing disagree on acceptance; intake copies later states from routing."""
    return code in cases and (state in ACCEPTED) != (cases[code]["state"] in ACCEPTED)


async def _waiting_lines(sql: asyncpg.Connection, codes: list[str]) -> list[str]:
    rows = await sql.fetch(
        """SELECT c.code, coalesce(t.office_short, c.receiving_short) AS holder, c.submitted_at
             FROM routing.cases c
             LEFT JOIN routing.tasks t
               ON t.root_id = c.root_id AND t.state IN ('queued', 'started', 'declined')
            WHERE c.code = ANY($1) ORDER BY c.code""",
        codes,
    )
    return [f"waiting: {row['code']} with {row['holder']}" for row in rows]


async def _holder_lines(sql: asyncpg.Connection) -> list[str]:
    rows = await sql.fetch(
        """SELECT party, count(DISTINCT c.root_id) AS dossiers,
                  count(*) FILTER (WHERE t.due_at < city.now()) AS late
             FROM routing.tasks t JOIN routing.cases c USING (root_id)
            WHERE t.state IN ('queued', 'started', 'declined') AND c.state <> 'submitted'
            GROUP BY party ORDER BY 2 DESC, 1"""
    )
    return [f"in hand: {row['dossiers']} with {row['party']}" + _late_text(row["late"]) for row in rows]


def _late_text(late: int) -> str:
    return f", {late} task{'s' if late > 1 else ''} late" if late else ""
