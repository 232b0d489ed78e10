"""The due time of one task: a budget inside the dossier's limit, which always wins."""

from datetime import datetime

from shared.worktime.calendar import Calendar
from shared.worktime.limits import Limit, Unit
from shared.worktime.reckon import add_time, add_working_hours, day_zero_of_task


def task_due(calendar: Calendar, limit: Limit, from_at: datetime, cap_at: datetime | None = None) -> datetime:
    """When a task handed over at `from_at` is due: its own budget, at most `cap_at`, the dossier's due."""
    own = _own(calendar, limit, from_at)
    return own if cap_at is None else min(own, cap_at)


def _own(calendar: Calendar, limit: Limit, from_at: datetime) -> datetime:
    if limit.unit is Unit.WORKING_HOUR:
        return add_working_hours(calendar, limit.amount, from_at)
    return add_time(calendar, limit, day_zero_of_task(calendar, from_at))
