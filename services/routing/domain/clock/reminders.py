"""The citizen's own time to answer: reminded before it ends, and known to the office when it has."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid5

from services.routing.domain.case.case import Case
from services.routing.domain.case.open_request import CitizenRequest
from services.routing.domain.case.state import WAITING_FOR_THE_CITIZEN
from shared.catalogue import Catalogue
from shared.worktime import Unit
from shared.worktime.clock.warnings import DeadlineWarning, warnings_until
from shared.worktime.course.running_period import CountingRule

UNANSWERED = "request.unanswered.v1"
"""Why a case is told anew once `answer_by` is over. Nothing stops by itself: form 05 is an office's act."""


def open_citizen_request(case: Case) -> CitizenRequest | None:
    """What the citizen is waited for now; not while a withdrawal is undecided. A child asks nobody."""
    return case.request if case.state in WAITING_FOR_THE_CITIZEN and case.child_id is None else None


def request_clock_id(case: Case, request: CitizenRequest) -> UUID:
    """A clock of its own for each request of a case: the second has another."""
    return uuid5(case.root, f"{request.kind.value}/{request.asked_at.timestamp()}")


def reminder_instants(
    case: Case, request: CitizenRequest, catalogue: Catalogue, now: datetime
) -> Iterator[DeadlineWarning]:
    """At most two, as early as the procedure's own warnings; none in the same breath as the request."""
    calendar = catalogue.calendar(catalogue.office(request.office).calendar, now)
    warn = catalogue.procedure_version(case.procedure, case.version).thresholds
    rule = CountingRule(calendar, Unit.WORKING_DAY, is_task=True)
    warnings = warnings_until(rule, request.asked_at, request.answer_by, warn)
    return (warning for warning in warnings if warning.at > request.asked_at)
