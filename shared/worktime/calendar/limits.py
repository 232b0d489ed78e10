"""Time limits: a unit and an amount."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """The units of limits. Months are for papers only."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal limit or the budget of a step. Half working days are for tasks, quarter hours for hours."""

    unit: Unit
    amount: float

    @property
    def whole(self) -> int:
        """The amount without its fraction."""
        return int(self.amount)
