"""The stored facts a date is reckoned from. Never a remaining time: only what happened, and when."""

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
    """Whose clock it is."""

    DOSSIER = "dossier"
    TASK = "task"
    PAPER = "paper"
    WINDOW = "window"


class ClockEventType(StrEnum):
    """What may happen to a running clock."""

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
"""What opens a pause, and what alone closes it."""

ANSWERS = frozenset(ANSWER_TO.values())


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One fact. `working_days` belongs to an extension, `off` and `worked` to a published calendar."""

    fact: ClockEventType
    at: datetime
    working_days: int = 0
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", to_city_second(self.at))

    def calendar_lines(self) -> list[CalendarException]:
        """The lines of a published calendar."""
        return [
            *(CalendarException(day, "day_off", DAY_OFF.vi, DAY_OFF.en, self.at) for day in self.off),
            *(
                CalendarException(day, "worked", WORKING_DAY.vi, WORKING_DAY.en, self.at)
                for day in self.worked
            ),
        ]


@dataclass(frozen=True, slots=True)
class Ledger:
    """One clock: of a dossier, a task, or a paper (which knows no events).

    Instants are kept in whole seconds of the city's time. `cap_at` is for tasks: the dossier's due. `cutoff`
    is the receiving office's own; None = the calendar's. `events` stand in the order of their recording.
    `warn`: how long before the date its holder is warned.
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
    """When to ask for a paper that must be ready before a closing date and still be good on it."""

    calendar: DatedCalendar
    closes_on: date
    validity: Limit
    processing: Limit
    margin_days: int = 0
