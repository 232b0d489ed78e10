"""What the citizen is waited for, and what an office wants stopped: kept until it is answered."""

from dataclasses import dataclass
from enum import StrEnum

from shared.clock import CityTime


class RequestKind(StrEnum):
    """What the citizen owes."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class CitizenRequest:
    """Form 02 or a fee: `items` of a supplement, `amount` (đồng) of a payment; `nth` counts of its kind.

    A second supplement rests on `basis` and was approved by the head named in `approved_by`.
    """

    kind: RequestKind
    office: str
    asked_at: CityTime
    answer_by: CityTime
    nth: int
    items: tuple[str, ...] = ()
    amount: int | None = None
    basis: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class PendingStop:
    """Form 05, written by one and not yet confirmed by another."""

    office: str
    by: str
    reason: str
    asked_at: CityTime
