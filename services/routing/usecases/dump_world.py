"""Dump of routing's business data without ids and machine times, to compare two systems."""

from typing import Any

import orjson

from services.routing.domain.case.case import Case
from services.routing.domain.case.history_line import HistoryLine
from services.routing.domain.case.task import Task
from services.routing.domain.clock.reminders import UNANSWERED
from services.routing.domain.deadlines.escalation import ESCALATED
from services.routing.store import cases, history
from services.routing.store.children import explanation_document
from services.routing.store.documents import plain
from shared.db.transaction import Tx
from shared.events.case import APOLOGY_DRAFTED, BREACHED, NEW_DATE_PASSED, WARNING

TIMERS = frozenset({WARNING, BREACHED, ESCALATED, UNANSWERED, APOLOGY_DRAFTED, NEW_DATE_PASSED})


async def dump_rows(conn: Tx) -> list[dict[str, Any]]:
    """One row a case, by code."""
    all_cases = await cases.read_all(conn)
    histories = await history.read_all(conn)
    return [_row(case, _without_timers(histories.get(case.root, []))) for case in all_cases]


def _without_timers(lines: list[HistoryLine]) -> list[HistoryLine]:
    """Lines without those of timers, which depend on when the sweep ran."""
    return [line for line in lines if line.because not in TIMERS]


def _row(case: Case, lines: list[HistoryLine]) -> dict[str, Any]:
    return {
        "code": case.code,
        "kind": case.kind,
        "state": case.state.value,
        "procedure": f"{case.procedure}:{case.version}",
        "channel": case.channel,
        "place": dict(sorted(case.place.items())),
        "facts": dict(sorted(case.facts.items())),
        "delivery": case.delivery,
        "filed_by": case.filed_by,
        "receiving_office": case.receiving_office,
        "submitted_at": _iso_time(case.submitted_at),
        "accepted_at": _iso_time(case.accepted_at),
        "promised_due_at": _iso_time(case.promised_due_at),
        "current_due_at": _iso_time(case.current_due_at),
        "explanation": explanation_document(case),
        "completed_at": _iso_time(case.completed_at),
        "outcome": case.outcome,
        "refused_reason": case.refused_reason,
        "refused_rule": case.refused_rule,
        "stage": case.stage,
        "resume_to": plain(case.resume_to),
        "ledger": plain(case.ledger),
        "request": plain(case.request),
        "stop_asked": plain(case.stop_asked),
        "unplaced": plain(case.unplaced),
        "second_supplement": case.second_supplement,
        "tasks": _tasks(case),
        "children": [_child(child) for child in case.children],
        "acts": sorted((_act(line) for line in lines), key=orjson.dumps),
        "told": sorted([_iso_time(line.at), line.type] for line in lines),
    }


def _tasks(case: Case) -> list[dict[str, Any]]:
    return sorted((_task(task) for task in case.tasks if not task.is_apology), key=_task_order)


def _child(child: Case) -> dict[str, Any]:
    return {
        "code": child.code,
        "does": child.does,
        "procedure": f"{child.procedure}:{child.version}",
        "state": child.state.value,
        "submitted_at": _iso_time(child.submitted_at),
        "current_due_at": _iso_time(child.current_due_at),
        "completed_at": _iso_time(child.completed_at),
        "outcome": child.outcome,
        "ledger": plain(child.ledger),
        "tasks": _tasks(child),
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "n": task.n,
        "step": task.step,
        "office": task.office,
        "party": task.party,
        "state": task.state.value,
        "due_at": _iso_time(task.due_at),
        "queued_at": _iso_time(task.queued_at),
        "counted_from": _iso_time(task.budget_from),
        "started_at": _iso_time(task.started_at),
        "done_at": _iso_time(task.done_at),
        "outcome": task.outcome,
        "reason": task.reason,
        "moved_to": task.moved_to,
    }


def _act(line: HistoryLine) -> dict[str, Any]:
    """One act. The order of acts is no part of the dump: two offices may act at the same instant."""
    return {
        "at": _iso_time(line.at),
        "because": line.because,
        "step": line.step,
        "office": line.office,
        "actor": line.actor,
        "reason": line.reason,
    }


def _task_order(task: dict[str, Any]) -> tuple[int, str, str]:
    return (task["n"], task["queued_at"] or "", task["office"])


def _iso_time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
