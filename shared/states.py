"""The states of a dossier and the events that change them. Each service has its own transitions."""

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
    """The events that change a state."""

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


@dataclass(frozen=True, slots=True)
class Transition:
    """An allowed transition: from a state, by an event, to a state, and the actor."""

    from_: State
    event: StateEvent
    to: State
    actor: str
