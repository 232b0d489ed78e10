"""How long something may take: a unit and how many of it."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """The units the law counts in. Months are for papers only."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WORKING_HOUR = "working_hour"
    SAME_DAY = "same_day"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal limit or a step's budget. Halves of working days are for tasks, quarters for hours."""

    unit: Unit
    amount: float

    @property
    def whole(self) -> int:
        """The amount without its fraction."""
        return int(self.amount)
