"""The city's working time: calendars as dated data, due dates from limits, and why a date is that date."""

from shared.worktime.calendar import Calendar, DatedCalendar, DayLine, OutsideCalendar, Session
from shared.worktime.limits import Limit, Unit
from shared.worktime.paper import paper_valid_until
from shared.worktime.promise import Line, Promise, promise
from shared.worktime.reckon import add_time, add_working_hours, day_zero, working_days_between
from shared.worktime.task import task_due

__all__ = [
    "Calendar",
    "DatedCalendar",
    "DayLine",
    "Limit",
    "Line",
    "OutsideCalendar",
    "Promise",
    "Session",
    "Unit",
    "add_time",
    "add_working_hours",
    "day_zero",
    "paper_valid_until",
    "promise",
    "task_due",
    "working_days_between",
]
