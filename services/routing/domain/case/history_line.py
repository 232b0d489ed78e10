"""One line of a case's history: what was reported of the case, and what led to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import CaseUpdate


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What was reported (`type`), why (`because`), and the state then. `dossier_id`: of its child."""

    root_id: UUID
    at: datetime
    type: str
    because: str
    because_id: str
    state: str
    actor: Mapping[str, str]
    task_id: UUID | None = None
    step: str | None = None
    office: str | None = None
    reason: str | None = None
    dossier_id: UUID | None = None


def history_line(update: CaseUpdate) -> HistoryLine:
    """The line of an update."""
    task, child = update.task, update.child
    return HistoryLine(
        root_id=update.case.root,
        at=update.at,
        type=update.type,
        because=update.cause.fact,
        because_id=update.cause.id,
        state=update.case.state,
        actor=update.cause.actor.to_json(),
        task_id=task.id if task else None,
        step=task.step if task else None,
        office=task.office if task else None,
        reason=update.reason,
        dossier_id=child.id if child else None,
    )
