"""Validity of papers, in calendar months: working days do not matter."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from shared.worktime.calendar.calendar import instant_at
from shared.worktime.calendar.limits import Limit, Unit

LAST_SECOND = 24 * 3600 - 1


def paper_valid_until(issued_on: date, limit: Limit) -> datetime:
    """The last valid second of a paper: the same day of the n-th month, or that month's last day."""
    if limit.unit is Unit.CALENDAR_MONTH:
        return instant_at(_months_later(issued_on, limit.whole), LAST_SECOND)
    if limit.unit is Unit.CALENDAR_DAY:
        return instant_at(issued_on + timedelta(days=limit.whole), LAST_SECOND)
    raise ValueError(f"a paper's validity is not counted in {limit.unit}")


def first_issue_valid_on(day: date, limit: Limit) -> date:
    """The earliest date of issue of a paper that is still valid on this day."""
    if limit.unit is Unit.CALENDAR_DAY:
        return day - timedelta(days=limit.whole)
    year, month = divmod(day.year * 12 + day.month - 1 - limit.whole, 12)
    if day.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    return _months_later(date(year, month + 1, 1), 1)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
