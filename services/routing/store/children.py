"""Children of a case as a JSON column of its row. Fields that they copy from the root are not stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.task import Task

Json = Mapping[str, Any]
CHILD_FIELDS = (
    *("does", "code", "procedure", "version", "receiving_office", "receiving_short", "outcome", "state"),
    *("stage", "submitted_at", "accepted_at", "promised_due_at", "current_due_at", "completed_at"),
    *("explanation", "ledger", "stop_asked", "unplaced"),
)
"""Fields of a child that it does not copy from its root."""
_HINTS = get_type_hints(Case, include_extras=True)
READERS = {name: TypeAdapter(_HINTS[name]).validate_python for name in CHILD_FIELDS}
EXPLANATION = TypeAdapter(_HINTS["explanation"])


def children_documents(case: Case) -> list[dict[str, Any]] | None:
    """The children of a case without their tasks, as JSON; None if there are none."""
    return [_document(child) for child in case.children] or None


def _document(child: Case) -> dict[str, Any]:
    values = {name: getattr(child, name) for name in ("id", *CHILD_FIELDS)}
    return values | {"explanation": explanation_document(child)}


def explanation_document(case: Case) -> list[dict[str, Any]]:
    """The explanation of the due date, as JSON."""
    return EXPLANATION.dump_python(case.explanation, mode="json", by_alias=True)


def with_children(case: Case, documents: Sequence[Json], tasks: Mapping[UUID | None, Sequence[Task]]) -> Case:
    """Return the case with its children. `tasks`: by child id. Each alarm goes to the member it is about."""
    children = tuple(_child_of(case, document, tasks) for document in documents)
    child_clocks = {about for child in children for about in _clocks(child)}
    return replace(
        case,
        alarms=tuple(alarm for alarm in case.alarms if alarm.about not in child_clocks),
        children=tuple(_with_alarms(child, case.alarms) for child in children),
    )


def _with_alarms(child: Case, alarms: Sequence[FiredDeadline]) -> Case:
    about = _clocks(child)
    return replace(child, alarms=tuple(alarm for alarm in alarms if alarm.about in about))


def _clocks(child: Case) -> set[UUID]:
    return {child.id, *(task.id for task in child.tasks)}


def _child_of(root: Case, document: Json, tasks: Mapping[UUID | None, Sequence[Task]]) -> Case:
    child_id = UUID(document["id"])
    fields = {name: read(document.get(name)) for name, read in READERS.items()}
    own_tasks = tuple(tasks.get(child_id, ()))
    return root.new_child(**fields, child_id=child_id, tasks=own_tasks)
