"""How long before its date a clock warns; data of the catalogue, with the law's silence as the default."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningThresholds:
    """What is left when a warning is said: of the whole a share, then days; or hours where hours count.

    `percent_left` and `days_left` are of working days, `hours_left` of working time.
    """

    percent_left: int = 25
    days_left: int = 1
    hours_left: float = 2


DEFAULT_THRESHOLDS = WarningThresholds()
