"""Open requests of a case: papers or a fee asked of the citizen, and a stop that needs confirmation."""

from dataclasses import dataclass
from enum import StrEnum

from shared.clock import CityTime


class RequestKind(StrEnum):
    """What the citizen is asked for."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class CitizenRequest:
    """A request for papers (form 02) or a fee. `amount`: in đồng; `nth`: its number among its kind.

    A second supplement needs a legal `basis` and the approval of the head named in `approved_by`.
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
    """A stop (form 05) written by one officer and not confirmed by a second one yet."""

    office: str
    by: str
    reason: str
    asked_at: CityTime
