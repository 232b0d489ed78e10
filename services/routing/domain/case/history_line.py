"""Lines of a case's history: the type of an update, its cause, and the state after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import CaseUpdate


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One update of a case (`type`), its cause (`because`), and the state after it.

    `dossier_id`: the child that it is about; None: the root.
    """

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
    """The history line of an update."""
    line = HistoryLine(
        root_id=update.case.root,
        at=update.at,
        type=update.type,
        because=update.cause.fact,
        because_id=update.cause.id,
        state=update.case.state,
        actor=update.cause.actor.to_json(),
        reason=update.reason,
    )
    if update.task is not None:
        line = replace(line, task_id=update.task.id, step=update.task.step, office=update.task.office)
    if update.child is not None:
        line = replace(line, dossier_id=update.child.id)
    return line
