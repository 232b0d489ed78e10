"""The children of a case as JSON beside it: what they came in with is their root's, and is not kept twice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.routing.domain.alarm import Alarm
from services.routing.domain.case import Case, Paper
from services.routing.domain.standing import Stage, State
from services.routing.domain.task import Task
from services.routing.domain.values import replace
from services.routing.store import process
from shared.clock import in_city

Json = Mapping[str, Any]
AS_THEY_ARE = ("does", "code", "procedure", "version", "receiving_office", "receiving_short", "outcome")
MOMENTS = ("submitted_at", "accepted_at", "promised_due_at", "current_due_at", "completed_at")


def papers_json(papers: Sequence[Paper]) -> str | None:
    """The papers filed that may do a step; None: there are none."""
    return orjson.dumps([asdict(paper) for paper in papers]).decode() if papers else None


def papers_of(kept: Sequence[Json] | None) -> tuple[Paper, ...]:
    """The same, read."""
    return tuple(Paper(**one) for one in kept or ())


def children_json(children: Sequence[Case]) -> str | None:
    """The children of a case without their tasks; None: there are none."""
    return orjson.dumps([_child_json(one) for one in children]).decode() if children else None


def with_children(case: Case, kept: Sequence[Json], tasks: Mapping[UUID | None, Sequence[Task]]) -> Case:
    """The case with its children; `tasks` by dossier. Whose an alarm is follows from what it is about."""
    children = tuple(_child_of(case, one, tasks) for one in kept)
    theirs = {about for one in children for about in _clocks(one)}
    return replace(
        case,
        alarms=tuple(alarm for alarm in case.alarms if alarm.about not in theirs),
        children=tuple(_with_alarms(one, case.alarms) for one in children),
    )


def _with_alarms(child: Case, alarms: Sequence[Alarm]) -> Case:
    about = _clocks(child)
    return replace(child, alarms=tuple(alarm for alarm in alarms if alarm.about in about))


def _clocks(child: Case) -> set[UUID]:
    return {child.id, *(task.id for task in child.tasks)}


def _child_json(child: Case) -> dict[str, Any]:
    moments = {name: getattr(child, name) for name in MOMENTS}
    return {
        "id": str(child.id),
        **{name: getattr(child, name) for name in AS_THEY_ARE},
        **{name: at.isoformat() if at else None for name, at in moments.items()},
        "state": child.state.value,
        "stage": child.stage,
        "explanation": list(child.explanation),
        "ledger": process.ledger_json(child.ledger),
        "stop_asked": process.stop_json(child.stop_asked),
        "unplaced": process.unplaced_json(child.unplaced),
    }


def _child_of(root: Case, kept: Json, tasks: Mapping[UUID | None, Sequence[Task]]) -> Case:
    child_id = UUID(kept["id"])
    moments = {name: _at(kept[name]) for name in MOMENTS}
    return replace(
        root,
        **{name: kept[name] for name in AS_THEY_ARE},
        **moments,
        child_id=child_id,
        state=State(kept["state"]),
        stage=Stage(kept["stage"]) if kept["stage"] else None,
        explanation=tuple(kept["explanation"]),
        ledger=process.ledger_of(kept["ledger"]),
        stop_asked=process.stop_of(kept["stop_asked"]),
        unplaced=process.unplaced_of(kept.get("unplaced")),
        tasks=tuple(tasks.get(child_id, ())),
        auto_accept=True,
        **NOT_ITS_OWN,
    )


NOT_ITS_OWN: dict[str, Any] = {
    "resume_to": None,
    "request": None,
    "second_supplement": False,
    "supplements_at_door": 0,
    "apology": None,
    "refused_reason": None,
    "refused_rule": None,
    "papers": (),
    "children": (),
}
"""What belongs to a root alone: the citizen deals with that."""


def _at(text: str | None) -> datetime | None:
    return in_city(datetime.fromisoformat(text)) if text else None
