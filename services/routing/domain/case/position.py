"""The position of a dossier in the process: its state, with the stage and the state to resume to."""

from dataclasses import dataclass
from enum import StrEnum

from shared.states import State


class Stage(StrEnum):
    """Before or after acceptance: whether intake or routing handles a supplement."""

    INTAKE = "intake"
    PROCESSING = "processing"


@dataclass(frozen=True, slots=True)
class ProcessPosition:
    """A state. `stage` is set while papers are owed; `resume_to` while a withdrawal is undecided."""

    state: State
    stage: Stage | None = None
    resume_to: "ProcessPosition | None" = None
