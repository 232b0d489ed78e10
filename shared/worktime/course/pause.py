"""What a pause leaves of a limit. The day of the request counts; the limit is used before the extension."""

from datetime import datetime

from shared.worktime.calendar.limits import Unit
from shared.worktime.calendar.session_time import working_seconds
from shared.worktime.course.running_period import CountingRule, RemainingLimit, RunningPeriod


def is_pause_ignored(period: RunningPeriod, asked_at: datetime) -> bool:
    """Whether a pause opens too late: at the due date or after it a pause moves no date."""
    return asked_at >= period.due_at


def remaining_after(rule: CountingRule, period: RunningPeriod, asked_at: datetime) -> RemainingLimit:
    """What remains of the limit once the answer comes."""
    extension = period.remaining.extension
    if extension:
        extension -= max(0, rule.calendar.working_days(period.limit_due.date(), asked_at.date()))
    return RemainingLimit(max(0, period.remaining.limit - _used(rule, period, asked_at)), max(0, extension))


def _used(rule: CountingRule, period: RunningPeriod, asked_at: datetime) -> int:
    """Days after day 0 up to and including the request's date, or session seconds until then."""
    match rule.unit:
        case Unit.SAME_DAY:
            return 0
        case Unit.WORKING_HOUR:
            return working_seconds(rule.calendar, period.begins, asked_at) if period.by_seconds else 0
        case Unit.CALENDAR_DAY:
            return max(0, (asked_at.date() - period.day_zero).days)
        case _:
            return max(0, rule.calendar.working_days(period.day_zero, asked_at.date()))
