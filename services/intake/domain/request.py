"""What may be asked of a dossier after acceptance, and by whom. Routing judges; the door knows people."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.intake.domain.dossier import Dossier
from services.intake.domain.standing import COMPLETED, Standing
from services.intake.domain.state import State
from services.intake.domain.submission import BY_PROXY, BY_SELF
from shared.actor import Actor
from shared.errors import Kind, Refused
from shared.events import dossier as wire


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the dossier back."""

    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Take that back: the dossier goes on from where it was."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The papers asked for, brought to the counter."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pay:
    """A fee that was paid, in đồng, and the reference of its receipt."""

    amount: int
    receipt_ref: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """The result, handed over: how, to whom, and what proves it."""

    how: str
    to: str
    proof_ref: str | None = None


Asked: TypeAlias = Withdraw | Keep | Supplement | Pay | HandOver
Told: TypeAlias = (
    wire.WithdrawalRequested
    | wire.WithdrawalCancelled
    | wire.DossierSupplemented
    | wire.DossierPaid
    | wire.DossierReturned
)
PROCESSING = "processing"
WITHDRAWAL_REQUESTED = "withdrawal_requested"
WITHDRAWABLE = frozenset({"accepted", "in_process", "supplement_requested", "payment_requested"})
"""In these states of routing's table a withdrawal leads somewhere."""

OWN = (Withdraw, Keep)
"""What the holder of the slip may ask; the rest is the counter's."""


def may_be_asked(dossier: Dossier) -> Refused | None:
    """Only what was accepted is with routing; before that the counter decides, and after a refusal nobody."""
    if dossier.state is State.ACCEPTED:
        return None
    return Refused(
        "not_accepted",
        "Hồ sơ chưa được tiếp nhận hoặc đã bị từ chối. Hãy hỏi quầy nơi đã nộp.",
        "The dossier is not accepted yet, or was refused. Please ask the counter where it was filed.",
        Kind.CONFLICT,
    )


def open_to_holder(dossier: Dossier, state: str) -> type[Withdraw] | type[Keep] | None:
    """What the tracking page offers, as routing last told the state; None where routing would decline it."""
    if may_be_asked(dossier) is not None:
        return None
    if state == WITHDRAWAL_REQUESTED:
        return Keep
    return Withdraw if state in WITHDRAWABLE else None


def open_to_counter(where: Standing) -> type[Supplement] | type[Pay] | type[HandOver] | None:
    """What a counter may record now: what the citizen owes, or the hand-over of a result."""
    if where.state == COMPLETED:
        return HandOver
    if where.owed is None or where.state == WITHDRAWAL_REQUESTED:
        return None
    return Pay if where.owed.amount else Supplement


def told(asked: Asked, dossier: Dossier, actor: Actor, at: datetime) -> tuple[str, Told]:
    """The event's type and what it says."""
    code, by = dossier.code, BY_PROXY if actor.kind == BY_PROXY else BY_SELF
    match asked:
        case Withdraw(reason):
            return wire.WITHDRAWAL_REQUESTED, wire.WithdrawalRequested(
                code=code, asked_at=at, by=by, reason_code=reason
            )
        case Keep():
            return wire.WITHDRAWAL_CANCELLED, wire.WithdrawalCancelled(code=code, cancelled_at=at, by=by)
        case Supplement(items):
            return wire.SUPPLEMENTED, wire.DossierSupplemented(
                code=code, stage=PROCESSING, answered_at=at, items=list(items)
            )
        case Pay(amount, receipt_ref):
            return wire.PAID, wire.DossierPaid(code=code, amount=amount, paid_at=at, receipt_ref=receipt_ref)
        case HandOver(how, to, proof_ref):
            return wire.RETURNED, wire.DossierReturned(
                code=code, returned_at=at, how=how, to=to, proof_ref=proof_ref
            )
