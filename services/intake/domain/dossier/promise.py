"""When the result is due, and by when the counter must accept or refuse. Counted by `shared.worktime`."""

from datetime import datetime, time
from functools import lru_cache

from services.intake.domain.dossier.dossier import FirstPromise
from services.intake.words import text
from shared.catalogue import Catalogue, Office, Procedure, format_limit
from shared.clock import to_city_second
from shared.words import BilingualText
from shared.worktime import Calendar, Limit, OutsideCalendarError, Unit, add_working_hours, promise_due


def first_promise(
    catalogue: Catalogue, procedure: Procedure, office: Office, submitted_at: datetime, accepted_at: datetime
) -> FirstPromise:
    """The date promised at acceptance, by the calendar published then.

    No date where no law sets a limit, or where it lies beyond the published calendar: then it follows.
    """
    if procedure.total is None:
        return FirstPromise(None, ())
    calendar = catalogue.calendar(office.calendar, accepted_at)
    start = procedure.clock_start(submitted_at, accepted_at)
    return _count_promise(calendar, procedure.total, to_city_second(start), office.cutoff)


def counter_deadline(catalogue: Catalogue, office: Office, submitted_at: datetime) -> datetime:
    """The instant by which the counter must accept or refuse the dossier."""
    calendar = catalogue.working_calendar(office.calendar, submitted_at)
    return _count_answer_by(calendar, catalogue.desk_answer_limit().amount, to_city_second(submitted_at))


# Dossiers filed in the same second get the same date, so the count is cached. A calendar is immutable:
# publishing a change makes a new object, and so a new cache entry.
@lru_cache(maxsize=256)
def _count_promise(calendar: Calendar, limit: Limit, start: datetime, cutoff: time | None) -> FirstPromise:
    try:
        due = promise_due(calendar, limit, start, cutoff)
    except OutsideCalendarError:
        return FirstPromise(None, ())
    return FirstPromise(due.due_at, due.explanation)


@lru_cache(maxsize=256)
def _count_answer_by(calendar: Calendar, hours: float, submitted_at: datetime) -> datetime:
    return add_working_hours(calendar, hours, submitted_at)


def format_first_limit(limit: Limit | None) -> BilingualText:
    """A legal limit as text for the first screen of a procedure."""
    if limit is None:
        return text("limits.none")
    if limit.unit is Unit.SAME_DAY:
        return text("limits.same_day")
    return format_limit(limit)
