"""The clock of the citizen's time to answer: reminders before its end, a notice to the office after it."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import WAITING_FOR_THE_CITIZEN
from shared.events.case import CitizenRequest
from shared.worktime import Unit
from shared.worktime.clock.warnings import DeadlineWarning, warnings_until
from shared.worktime.course.running_period import CountingRule

UNANSWERED = "request.unanswered.v1"
"""Cause of an update after `answer_by`. It does not stop the dossier: only an office does (form 05)."""


def open_citizen_request(case: Case) -> CitizenRequest | None:
    """The request the citizen owes an answer to; None while a withdrawal is undecided, and for children."""
    if case.state in WAITING_FOR_THE_CITIZEN and case.child_id is None:
        return case.request
    return None


def request_clock_id(case: Case, request: CitizenRequest) -> UUID:
    """The id of the clock of one request; each request of a case has its own."""
    return uuid5(case.root, f"{request.kind}/{request.asked_at.timestamp()}")


def reminder_instants(case: Case, request: CitizenRequest, rules: Rules) -> Iterator[DeadlineWarning]:
    """At most two reminders, by the procedure's thresholds; none at the moment of the request."""
    calendar = rules.calendar_of(request.office)
    warn = rules.procedure_of(case).thresholds
    rule = CountingRule(calendar, Unit.WORKING_DAY, is_task=True)
    warnings = warnings_until(rule, request.asked_at, request.answer_by, warn)
    return (warning for warning in warnings if warning.at > request.asked_at)
