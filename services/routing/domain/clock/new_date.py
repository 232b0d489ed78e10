"""The clock of the new date that a signed apology promises: warnings before it, escalation after it.

A person signed the date, so no pause and no calendar moves it. Decision 0016.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel
from services.routing.domain.case.rules import Rules
from services.routing.domain.clock.time_attribution import time_owner_at
from shared.clock import to_city_time
from shared.events.apology import NewDatePassed
from shared.worktime import ClockEventType, Unit
from shared.worktime.clock.lateness import breach_at
from shared.worktime.clock.warnings import DeadlineWarning, warnings_until
from shared.worktime.course.running_period import CountingRule


def signed_new_date(case: Case) -> datetime | None:
    """The new date of the signed apology; None before. Children have no apology."""
    apology = case.apology
    if apology is None or not apology.is_signed:
        return None
    return apology.new_due_at


def new_date_clock_id(case: Case) -> UUID:
    """The id of this clock. A dossier has one, as it gets only one new date."""
    return uuid5(case.root, "new_date")


def new_date_warnings(case: Case, due_at: datetime, rules: Rules) -> Iterator[DeadlineWarning]:
    """Warnings by the procedure's thresholds after the signature; in hours if it ends the same day."""
    signed_at = case.apology.signed_at if case.apology else None
    if signed_at is None:
        return
    calendar = rules.calendar_of(case.receiving_office)
    warn = rules.procedure_of(case).thresholds
    same_day = to_city_time(signed_at).date() == to_city_time(due_at).date()
    rule = CountingRule(calendar, Unit.SAME_DAY if same_day else Unit.WORKING_DAY, is_task=True)
    for warning in warnings_until(rule, signed_at, due_at, warn):
        if warning.at > signed_at:
            yield warning


def new_date_breach_at(case: Case, due_at: datetime) -> datetime:
    """A second after the date, or when a result was recalled after it: it was not delivered then."""
    recalled = (event.at for event in case.ledger if event.fact is ClockEventType.RECALLED)
    return max([breach_at(due_at), *recalled])


def passed_new_date(case: Case) -> NewDatePassed | None:
    """How the new date passed; None while it has not, or where the dossier ended before."""
    due_at = signed_new_date(case)
    if due_at is None:
        return None
    for alarm in case.alarms:
        if alarm.scope is ClockScope.NEW_DATE and alarm.level is DeadlineLevel.BREACH:
            return NewDatePassed(alarm.fired_at, alarm.office_short, time_owner_at(case, due_at))
    return None
