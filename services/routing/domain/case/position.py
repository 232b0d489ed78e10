"""Where a dossier stands: its state, with what the state alone does not say."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states of a dossier, aligned to the national codes 1..10."""

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
    """What moves a state."""

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
    """Before acceptance or after it: which service a supplement belongs to."""

    INTAKE = "intake"
    PROCESSING = "processing"


@dataclass(frozen=True, slots=True)
class ProcessPosition:
    """`stage` is set while papers are owed, `resume_to` while a withdrawal is asked for."""

    state: State
    stage: Stage | None = None
    resume_to: "ProcessPosition | None" = None
