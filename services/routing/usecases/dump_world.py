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
CASE_FIELDS = (
    *("code", "kind", "state", "channel", "place", "facts", "delivery", "filed_by", "receiving_office"),
    *("submitted_at", "accepted_at", "promised_due_at", "current_due_at", "completed_at", "outcome"),
    *("refused_reason", "refused_rule", "stage", "resume_to", "ledger", "request", "stop_asked"),
    *("unplaced", "second_supplement"),
)
CHILD_FIELDS = (
    *("code", "does", "state", "submitted_at", "current_due_at", "completed_at", "outcome", "ledger"),
)
TASK_FIELDS = (
    *("n", "step", "office", "party", "state", "due_at", "queued_at", "started_at", "done_at"),
    *("outcome", "reason", "moved_to"),
)
ACT_FIELDS = ("at", "because", "step", "office", "actor", "reason")


async def dump_rows(conn: Tx) -> list[dict[str, Any]]:
    """One row per case, in the order of codes."""
    all_cases = await cases.read_all(conn)
    histories = await history.read_all(conn)
    return [_row(case, _without_timers(histories.get(case.root, []))) for case in all_cases]


def _without_timers(lines: list[HistoryLine]) -> list[HistoryLine]:
    """Lines without those of timers, which depend on when the sweep ran."""
    return [line for line in lines if line.because not in TIMERS]


def _row(case: Case, lines: list[HistoryLine]) -> dict[str, Any]:
    acts = [_document(line, ACT_FIELDS) for line in lines]
    return _document(case, CASE_FIELDS) | {
        "procedure": f"{case.procedure}:{case.version}",
        "explanation": explanation_document(case),
        "tasks": _tasks(case),
        "children": [_child(child) for child in case.children],
        # The order of acts is no part of the dump: two offices may act at the same instant.
        "acts": sorted(acts, key=orjson.dumps),
        "told": sorted([plain(line.at), line.type] for line in lines),
    }


def _child(child: Case) -> dict[str, Any]:
    procedure = f"{child.procedure}:{child.version}"
    return _document(child, CHILD_FIELDS) | {"procedure": procedure, "tasks": _tasks(child)}


def _tasks(case: Case) -> list[dict[str, Any]]:
    return sorted((_task(task) for task in case.tasks if not task.is_apology), key=_task_order)


def _task(task: Task) -> dict[str, Any]:
    return _document(task, TASK_FIELDS) | {"counted_from": plain(task.budget_from)}


def _task_order(task: dict[str, Any]) -> tuple[int, str, str]:
    return (task["n"], task["queued_at"] or "", task["office"])


def _document(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return plain({name: getattr(value, name) for name in names})
