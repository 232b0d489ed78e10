"""What an office wants stopped: kept until it is answered."""

from dataclasses import dataclass

from shared.clock import CityTime


@dataclass(frozen=True, slots=True)
class PendingStop:
    """Form 05, written by one and not yet confirmed by another."""

    office: str
    by: str
    reason: str
    asked_at: CityTime
