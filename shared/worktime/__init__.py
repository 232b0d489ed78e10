"""Working time: calendars as dated data, clocks as ledgers of events, and explanations of their dates."""

from shared.counted_days import CountedDays
from shared.worktime.calendar.calendar import (
    Calendar,
    CalendarException,
    OutsideCalendarError,
    Session,
    SessionHours,
    Sessions,
)
from shared.worktime.calendar.counting import start_day, working_days_between
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.calendar.session_time import add_working_hours, working_seconds
from shared.worktime.clock.paper import first_issue_valid_on, paper_valid_until
from shared.worktime.clock.promise import Promise, promise_due, task_due
from shared.worktime.clock.read_clock import ClockReading, read_clock
from shared.worktime.clock.window import FilingAdvice, advise
from shared.worktime.errors import LedgerError, LedgerErrorCode
from shared.worktime.ledger.history import open_pause
from shared.worktime.ledger.ledger import (
    ANSWER_TO,
    ClockEvent,
    ClockEventType,
    ClockKind,
    FilingWindow,
    Ledger,
)
from shared.worktime.ledger.thresholds import WarningThresholds

__all__ = [
    "ANSWER_TO",
    "Calendar",
    "CalendarException",
    "ClockEvent",
    "ClockEventType",
    "ClockKind",
    "ClockReading",
    "CountedDays",
    "DatedCalendar",
    "FilingAdvice",
    "FilingWindow",
    "Ledger",
    "LedgerError",
    "LedgerErrorCode",
    "Limit",
    "OutsideCalendarError",
    "Promise",
    "Session",
    "SessionHours",
    "Sessions",
    "Unit",
    "WarningThresholds",
    "add_working_hours",
    "advise",
    "first_issue_valid_on",
    "open_pause",
    "paper_valid_until",
    "promise_due",
    "read_clock",
    "start_day",
    "task_due",
    "working_days_between",
    "working_seconds",
]
