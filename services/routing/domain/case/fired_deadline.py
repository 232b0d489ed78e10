"""Deadlines that have fired: their clock, level and recipient."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.clock import CityTime


class ClockScope(StrEnum):
    """What a clock measures: the promise to the citizen, the budget of one task, the citizen's time to
    answer, or the new date of an apology.
    """

    DOSSIER = "dossier"
    TASK = "task"
    REQUEST = "request"
    NEW_DATE = "new_date"


class DeadlineLevel(StrEnum):
    """The instants of a clock in their order: three warnings, the breach, two escalations."""

    THREE_QUARTERS = "three_quarters"
    ONE_DAY = "one_day"
    TWO_HOURS = "two_hours"
    BREACH = "breach"
    HEAD = "head"
    CITY = "city"

    @property
    def is_warning(self) -> bool:
        """Whether this level precedes the due date."""
        return self in WARNINGS


WARNINGS = (DeadlineLevel.THREE_QUARTERS, DeadlineLevel.ONE_DAY, DeadlineLevel.TWO_HOURS)


class Recipient(StrEnum):
    """Who is notified, from the citizen and the office's desk up to the city."""

    CITIZEN = "citizen"
    HOLDER = "holder"
    OPERATOR = "operator"
    HEAD = "head"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class FiredDeadline:
    """A deadline of a clock that has fired.

    `about`: id of the task, request, new date or dossier; `due_at`: its date. `at`: when it was due to fire;
    `fired_at`: when it did. `overtaken`: a later instant of the same clock was due by then too, after
    downtime, so this one needs no action.
    """

    scope: ClockScope
    about: UUID
    level: DeadlineLevel
    due_at: CityTime
    at: CityTime
    fired_at: CityTime
    to: Recipient
    office: str
    office_short: str
    step: str | None = None
    overtaken: bool = False

    @property
    def key(self) -> tuple[UUID, DeadlineLevel, datetime]:
        """The identity of the deadline; each fires once."""
        return self.about, self.level, self.due_at

    @property
    def task_id(self) -> UUID | None:
        """The task whose clock it is; None for a clock of the dossier."""
        return self.about if self.scope is ClockScope.TASK else None

    @property
    def delay_seconds(self) -> int:
        """Seconds between `at` and `fired_at`; large only after downtime."""
        return max(0, (self.fired_at - self.at) // timedelta(seconds=1))
