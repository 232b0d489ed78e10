"""The one new date of a signed apology has a clock: its office is warned, and its end told at once.

It was told by hand, so it stands: no pause and no calendar moves it. Decision 0016.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

from services.routing.domain.alarm import Level, Scope
from services.routing.domain.case import Case
from services.routing.domain.whose_time import whose_at
from shared.catalogue import Catalogue
from shared.clock import in_city
from shared.events.apology import NewDatePassed
from shared.worktime import Fact, Unit
from shared.worktime.lateness import breach_at
from shared.worktime.stretch import Terms
from shared.worktime.warnings import Warning, warnings_until


def new_date(case: Case) -> datetime | None:
    """As signed; None before. A child is promised to nobody, and has none."""
    letter = case.apology
    return letter.new_due_at if letter is not None and letter.is_signed else None


def clock_of(case: Case) -> UUID:
    """One a dossier: there is no second letter and no third date."""
    return uuid5(case.root, "new_date")


def warned(case: Case, due_at: datetime, catalogue: Catalogue, now: datetime) -> Iterator[Warning]:
    """As far ahead as its procedure warns, from the signature on; in hours where it ends on that very day."""
    signed_at = case.apology.signed_at if case.apology else None
    if signed_at is None:
        return
    calendar = catalogue.calendar(catalogue.office(case.receiving_office).calendar, now)
    warn = catalogue.procedure_version(case.procedure, case.version).warn
    same_day = in_city(signed_at).date() == in_city(due_at).date()
    terms = Terms(calendar, Unit.SAME_DAY if same_day else Unit.WORKING_DAY, is_task=True)
    yield from (one for one in warnings_until(terms, signed_at, due_at, warn) if one.at > signed_at)


def passes_at(case: Case, due_at: datetime) -> datetime:
    """A second after it; a result taken back later was not given, and that is when it passes."""
    recalled = (event.at for event in case.ledger if event.fact is Fact.RECALLED)
    return max([breach_at(due_at), *recalled])


def passed(case: Case) -> NewDatePassed | None:
    """What is on record of its end; None where it has not come, or the dossier ended before."""
    due_at = new_date(case)
    if due_at is None:
        return None
    ends = (one for one in case.alarms if (one.scope, one.level) == (Scope.NEW_DATE, Level.BREACH))
    end = next(ends, None)
    return NewDatePassed(end.fired_at, end.office_short, whose_at(case, due_at)) if end else None
