"""Acts of citizens and counters on a dossier. Before acceptance intake applies them, later routing does."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.intake.domain.acts import counter_acts as counter_rules
from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.dossier.submission import BY_PROXY, BY_SELF
from services.intake.domain.tracking.dossier_status import COMPLETED, DossierStatus
from services.intake.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events import dossier as wire
from shared.states import State


@dataclass(frozen=True, slots=True)
class RequestWithdrawal:
    """Take the dossier back."""

    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class CancelWithdrawal:
    """Cancel the withdrawal: the dossier returns to its previous state."""


@dataclass(frozen=True, slots=True)
class RecordSupplement:
    """The requested papers that were brought to the counter."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """A fee that was paid, in đồng, and the reference of its receipt."""

    amount: int
    receipt_ref: str


@dataclass(frozen=True, slots=True)
class RecordHandOver:
    """The hand-over of the result: how, to whom, and the reference of its proof."""

    how: str
    to: str
    proof_ref: str | None = None


@dataclass(frozen=True, slots=True)
class RequestSupplement:
    """Request missing papers (form 02)."""

    request: SupplementRequest


@dataclass(frozen=True, slots=True)
class StopDossier:
    """Stop the dossier (form 05). The officer who records it is the person who confirms it."""


DossierAct: TypeAlias = (
    RequestWithdrawal
    | CancelWithdrawal
    | RecordSupplement
    | RecordPayment
    | RecordHandOver
    | RequestSupplement
    | StopDossier
)
ActEvent: TypeAlias = (
    wire.WithdrawalRequested
    | wire.WithdrawalCancelled
    | wire.DossierSupplemented
    | wire.DossierPaid
    | wire.DossierReturned
    | wire.DossierSupplementRequested
    | wire.DossierStopped
)
PROCESSING, INTAKE = "processing", "intake"
WITHDRAWAL_REQUESTED = "withdrawal_requested"
WITHDRAWABLE = frozenset({"submitted", "accepted", "in_process", "supplement_requested", "payment_requested"})
"""States in which a withdrawal may be requested."""

EVENT_TYPES: dict[type[DossierAct], str] = {
    RequestWithdrawal: wire.WITHDRAWAL_REQUESTED,
    CancelWithdrawal: wire.WITHDRAWAL_CANCELLED,
    RecordSupplement: wire.SUPPLEMENTED,
    RecordPayment: wire.PAID,
    RecordHandOver: wire.RETURNED,
    RequestSupplement: wire.SUPPLEMENT_REQUESTED,
    StopDossier: wire.STOPPED,
}
"""The event type of each act."""
SLIP_HOLDER_ACTS = (RequestWithdrawal, CancelWithdrawal)
"""Acts of the slip holder; all others belong to the counter."""


def check_request(act: DossierAct, dossier: Dossier) -> Refused | None:
    """Refuse a hand-over to a proxy without proof, and a counter's act after acceptance."""
    if isinstance(act, RecordHandOver) and act.to == BY_PROXY and not act.proof_ref:
        return refuse("proof_needed")
    if dossier.state is State.ACCEPTED and isinstance(act, RequestSupplement | StopDossier):
        return refuse("already_accepted")
    return None


def apply_act(act: DossierAct, dossier: Dossier, catalogue: Catalogue, at: datetime) -> Dossier | Refused:  # noqa: PLR0911  (one arm an act)
    """The dossier after an act before acceptance. An accepted one is unchanged: routing decides."""
    if dossier.state is State.ACCEPTED:
        return dossier
    match act:
        case RequestSupplement(request):
            return counter_rules.request_supplement(dossier, request, at)
        case RecordSupplement(items):
            return counter_rules.record_supplement(dossier, items, catalogue, at)
        case RequestWithdrawal():
            return counter_rules.request_withdrawal(dossier)
        case CancelWithdrawal():
            return counter_rules.cancel_withdrawal(dossier, catalogue, at)
        case StopDossier():
            return counter_rules.stop_dossier(dossier, at)
        case RecordPayment() | RecordHandOver():
            return refuse("not_accepted")


def holder_acts(state: str) -> type[RequestWithdrawal] | type[CancelWithdrawal] | None:
    """The act that the tracking page offers in this state; None where it would be declined."""
    if state == WITHDRAWAL_REQUESTED:
        return CancelWithdrawal
    if state in WITHDRAWABLE:
        return RequestWithdrawal
    return None


def counter_acts(
    status: DossierStatus,
) -> type[RecordSupplement] | type[RecordPayment] | type[RecordHandOver] | None:
    """The act that a counter may record now: an answer to an open request, or the hand-over of a result."""
    if status.state == COMPLETED:
        return RecordHandOver
    if status.owed is None or status.state == WITHDRAWAL_REQUESTED:
        return None
    if status.owed.amount:
        return RecordPayment
    return RecordSupplement


def event_body(act: DossierAct, dossier: Dossier, actor: Actor, at: datetime) -> ActEvent:  # noqa: PLR0911  (one arm an act)
    """The data of the event for this act. `dossier`: as the act left it."""
    code = dossier.code
    by = BY_PROXY if actor.kind == BY_PROXY else BY_SELF
    match act:
        case RequestWithdrawal(reason):
            return wire.WithdrawalRequested(code=code, asked_at=at, by=by, reason_code=reason)
        case CancelWithdrawal():
            return wire.WithdrawalCancelled(code=code, cancelled_at=at, by=by)
        case RecordSupplement(items):
            return wire.DossierSupplemented(
                code=code, stage=_stage(dossier), answered_at=at, items=list(items)
            )
        case RecordPayment(amount, receipt_ref):
            return wire.DossierPaid(code=code, amount=amount, paid_at=at, receipt_ref=receipt_ref)
        case RecordHandOver(how, to, proof_ref):
            return wire.DossierReturned(code=code, returned_at=at, how=how, to=to, proof_ref=proof_ref)
        case RequestSupplement():
            return _supplement_requested(dossier, at)
        case StopDossier():
            return wire.DossierStopped(code=code, stopped_at=at, reason_code=dossier.stopped_reason or "")


def _supplement_requested(dossier: Dossier, at: datetime) -> wire.DossierSupplementRequested:
    open_request = dossier.supplement_request
    if open_request is None:
        raise ValueError(f"{dossier.code} owes no papers")
    return wire.DossierSupplementRequested(
        code=dossier.code,
        stage=INTAKE,
        asked_at=at,
        items=open_request.items,
        answer_by=open_request.answer_by,
        nth=open_request.nth,
        basis=open_request.basis,
        approved_by=open_request.approved_by,
    )


def _stage(dossier: Dossier) -> str:
    return PROCESSING if dossier.state is State.ACCEPTED else INTAKE
