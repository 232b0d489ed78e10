"""How long before its due date a clock warns: data of the catalogue, since no law says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningThresholds:
    """The remaining time at which a clock warns.

    `percent_left` and `days_left` are of working days, `hours_left` of working time.
    """

    percent_left: int = 25
    days_left: int = 1
    hours_left: float = 2


DEFAULT_THRESHOLDS = WarningThresholds()
