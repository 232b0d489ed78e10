"""The city's working time: calendars as dated data, a clock as a ledger of facts, why a date is that."""

from shared.worktime.calendar import Calendar, DayLine, Hours, OutsideCalendar, Session, Sessions
from shared.worktime.counting import day_zero, working_days_between
from shared.worktime.history import open_pause
from shared.worktime.ledger import ANSWER_TO, Event, Fact, Kind, Ledger, Window
from shared.worktime.limits import Limit, Unit
from shared.worktime.page import Line
from shared.worktime.paper import first_issue_valid_on, paper_valid_until
from shared.worktime.promise import Promise, promise, task_due
from shared.worktime.publications import DatedCalendar
from shared.worktime.reckon import Reckoned, reckon
from shared.worktime.refused import LedgerRefused, Why
from shared.worktime.session_time import add_working_hours, working_seconds
from shared.worktime.thresholds import Thresholds
from shared.worktime.window import Advice, advise

__all__ = [
    "ANSWER_TO",
    "Advice",
    "Calendar",
    "DatedCalendar",
    "DayLine",
    "Event",
    "Fact",
    "Hours",
    "Kind",
    "Ledger",
    "LedgerRefused",
    "Limit",
    "Line",
    "OutsideCalendar",
    "Promise",
    "Reckoned",
    "Session",
    "Sessions",
    "Thresholds",
    "Unit",
    "Why",
    "Window",
    "add_working_hours",
    "advise",
    "day_zero",
    "first_issue_valid_on",
    "open_pause",
    "paper_valid_until",
    "promise",
    "reckon",
    "task_due",
    "working_days_between",
    "working_seconds",
]
