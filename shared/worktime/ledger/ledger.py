"""The ledger of a clock: what happened and when. Remaining time is always computed, never stored."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from shared.clock import to_city_second
from shared.worktime.calendar.calendar import CalendarException
from shared.worktime.calendar.limits import Limit
from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.ledger.thresholds import DEFAULT_THRESHOLDS, WarningThresholds
from shared.worktime.words import text

DAY_OFF = text("calendar.announced_day_off")
WORKING_DAY = text("calendar.announced_working_day")


class ClockKind(StrEnum):
    """The kinds of clocks."""

    DOSSIER = "dossier"
    TASK = "task"
    PAPER = "paper"
    WINDOW = "window"


class ClockEventType(StrEnum):
    """The types of events of a clock."""

    SUPPLEMENT_REQUESTED = "supplement_requested"
    SUPPLEMENTED = "supplemented"
    PAYMENT_REQUESTED = "payment_requested"
    PAID = "paid"
    EXCLUDED_STEP_BEGUN = "excluded_step_begun"
    EXCLUDED_STEP_DONE = "excluded_step_done"
    COMPLETED = "completed"
    RECALLED = "recalled"
    STOPPED = "stopped"
    EXTENDED = "extended"
    CALENDAR_PUBLISHED = "calendar_published"


ANSWER_TO = {
    ClockEventType.SUPPLEMENT_REQUESTED: ClockEventType.SUPPLEMENTED,
    ClockEventType.PAYMENT_REQUESTED: ClockEventType.PAID,
    ClockEventType.EXCLUDED_STEP_BEGUN: ClockEventType.EXCLUDED_STEP_DONE,
    ClockEventType.COMPLETED: ClockEventType.RECALLED,
}
"""The events that open a pause, each with the event that closes it."""

ANSWERS = frozenset(ANSWER_TO.values())


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event. `working_days`: of an extension; `off`, `worked`: of a published calendar."""

    fact: ClockEventType
    at: datetime
    working_days: int = 0
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", to_city_second(self.at))

    def calendar_lines(self) -> list[CalendarException]:
        """The exceptions of a published calendar."""
        return [
            *(CalendarException(day, "day_off", DAY_OFF.vi, DAY_OFF.en, self.at) for day in self.off),
            *(
                CalendarException(day, "worked", WORKING_DAY.vi, WORKING_DAY.en, self.at)
                for day in self.worked
            ),
        ]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One clock: of a dossier, of a task, or of a paper, which has no events.

    Instants are whole seconds in the city's time. `cap_at`: the dossier's due date, for tasks. `cutoff`: the
    receiving office's own; None means the calendar's. `events`: in the order of recording. `warn`: how long
    before the due date its holder is warned.
    """

    kind: ClockKind
    calendar: DatedCalendar
    limit: Limit
    accepted_at: datetime
    cap_at: datetime | None = None
    cutoff: time | None = None
    events: tuple[ClockEvent, ...] = ()
    thresholds: WarningThresholds = DEFAULT_THRESHOLDS

    def __post_init__(self) -> None:
        object.__setattr__(self, "accepted_at", to_city_second(self.accepted_at))
        if self.cap_at is not None:
            object.__setattr__(self, "cap_at", to_city_second(self.cap_at))


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """A closing date by which a paper must be ready, and on which it must still be valid."""

    calendar: DatedCalendar
    closes_on: date
    validity: Limit
    processing: Limit
    margin_days: int = 0
