"""The position of a dossier in the process: its state, and what the state alone does not say."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states of a dossier; they map to the national state codes 1 to 10."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_PROCESS = "in_process"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    PAYMENT_REQUESTED = "payment_requested"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    STOPPED = "stopped"
    COMPLETED = "completed"
    RETURNED = "returned"


class StateEvent(StrEnum):
    """Events that move a dossier from one state to another."""

    SUBMITTED = "dossier.submitted"
    ACCEPTED = "dossier.accepted"
    REFUSED = "dossier.refused"
    ROUTED = "dossier.routed"
    SUPPLEMENT_REQUESTED = "dossier.supplement_requested"
    SUPPLEMENTED = "dossier.supplemented"
    PAYMENT_REQUESTED = "dossier.payment_requested"
    PAID = "dossier.paid"
    FEE_WAIVED = "dossier.fee_waived"
    WITHDRAWAL_REQUESTED = "dossier.withdrawal_requested"
    WITHDRAWAL_CANCELLED = "dossier.withdrawal_cancelled"
    STOPPED = "dossier.stopped"
    COMPLETED = "dossier.completed"
    RECALLED = "dossier.result_recalled"
    RETURNED = "dossier.returned"


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
