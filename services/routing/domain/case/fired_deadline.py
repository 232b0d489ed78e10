"""What a clock says aloud when an instant of it comes: how far it has got, and who is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class ClockScope(StrEnum):
    """Whose clock it is: the promise to the citizen, one office's budget, the citizen's time to answer, or
    the one new date of an apology.
    """

    DOSSIER = "dossier"
    TASK = "task"
    REQUEST = "request"
    NEW_DATE = "new_date"


class DeadlineLevel(StrEnum):
    """The instants of a clock, in their order."""

    THREE_QUARTERS = "three_quarters"
    ONE_DAY = "one_day"
    TWO_HOURS = "two_hours"
    BREACH = "breach"
    HEAD = "head"
    CITY = "city"

    @property
    def is_warning(self) -> bool:
        """There is still time to be saved."""
        return self in WARNINGS


WARNINGS = (DeadlineLevel.THREE_QUARTERS, DeadlineLevel.ONE_DAY, DeadlineLevel.TWO_HOURS)


class Recipient(StrEnum):
    """Who is told, from the citizen and the desk upwards."""

    CITIZEN = "citizen"
    HOLDER = "holder"
    OPERATOR = "operator"
    HEAD = "head"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class FiredDeadline:
    """An instant that came, once. `about`: the task, request, new date or dossier; `due_at`: its date.

    `at` is when it should have been said, `fired_at` when it was. `overtaken`: by then a later one of the
    same clock was due too, so that only the last of them is of any use.
    """

    scope: ClockScope
    about: UUID
    level: DeadlineLevel
    due_at: datetime
    at: datetime
    fired_at: datetime
    to: Recipient
    office: str
    office_short: str
    step: str | None = None
    overtaken: bool = False

    @property
    def key(self) -> tuple[UUID, DeadlineLevel, datetime]:
        """What is said once."""
        return self.about, self.level, self.due_at

    @property
    def delay_seconds(self) -> int:
        """Seconds between the instant and its being said: more than a moment after a downtime only."""
        return max(0, (self.fired_at - self.at) // timedelta(seconds=1))
