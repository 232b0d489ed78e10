"""The city's working time: calendars as dated data, a clock as a ledger of facts, why a date is that."""

from shared.worktime.calendar import (
    Calendar,
    CalendarException,
    OutsideCalendarError,
    Session,
    SessionHours,
    Sessions,
)
from shared.worktime.counting import start_day, working_days_between
from shared.worktime.history import open_pause
from shared.worktime.ledger import ANSWER_TO, ClockEvent, ClockEventType, ClockKind, FilingWindow, Ledger
from shared.worktime.limits import Limit, Unit
from shared.worktime.page import CountedDays
from shared.worktime.paper import first_issue_valid_on, paper_valid_until
from shared.worktime.promise import Promise, promise_due, task_due
from shared.worktime.publications import DatedCalendar
from shared.worktime.reckon import ClockReading, read_clock
from shared.worktime.refused import LedgerError, LedgerErrorCode
from shared.worktime.session_time import add_working_hours, working_seconds
from shared.worktime.thresholds import WarningThresholds
from shared.worktime.window import FilingAdvice, advise

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
