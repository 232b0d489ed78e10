"""A stop that was requested and not confirmed yet."""

from dataclasses import dataclass

from shared.clock import CityTime


@dataclass(frozen=True, slots=True)
class PendingStop:
    """Form 05, written by one officer and not yet confirmed by another. `by`: the officer who wrote it."""

    office: str
    by: str
    reason: str
    asked_at: CityTime
