"""Papers asked for during processing (form 02), all defects in one request, and the citizen's answer."""

from datetime import datetime

from services.routing.domain import door
from services.routing.domain import refusals_of_asking as refusals
from services.routing.domain.case import Case, Cause, Change
from services.routing.domain.clock import supplements_asked
from services.routing.domain.judged import cause_of, changed, resumed, waiting
from services.routing.domain.open_request import Asked, OpenRequest
from services.routing.domain.standing import Fact, Stage
from services.routing.domain.state import move
from services.routing.domain.task import Nothing, Said, Task
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.worktime import Event
from shared.worktime import Fact as ClockFact


def ask(case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime) -> Change | Nothing | Refused:
    """The clock pauses from the request. A second one counts as late: it needs a basis and the head."""
    before = case.request
    if before and before.kind is Asked.SUPPLEMENT:
        same = (before.items, before.office) == (said.wants.items, task.office)
        return Nothing("told_twice") if same else refusals.all_defects_in_one_request()
    standing = move(case.standing, Fact.SUPPLEMENT_REQUESTED)
    if isinstance(standing, Refused):
        return standing
    nth = supplements_asked(case) + 1
    request = _request(task, said, nth, at)
    if isinstance(request, Refused):
        return request
    paused = waiting(replace(case, second_supplement=nth > 1), standing, request, catalogue, at)
    return changed(paused, cause_of(said), at, task=task, reason=said.wants.basis)


def answered(
    case: Case, answered_at: datetime, cause: Cause, catalogue: Catalogue, at: datetime
) -> Change | Refused:
    """The clock resumes at the citizen's act, not when an officer opens it."""
    standing = move(case.standing, Fact.SUPPLEMENTED)
    if isinstance(standing, Refused):
        return standing
    if case.stage is Stage.INTAKE:
        return door.papers_brought(case, answered_at, cause, catalogue, at)
    if case.request is None:
        return changed(case.at(standing), cause, at)
    event = Event(ClockFact.SUPPLEMENTED, within(answered_at, case.request.asked_at, at))
    return changed(resumed(case, standing, event, catalogue, at), cause, at)


def within(act: datetime, asked_at: datetime, at: datetime) -> datetime:
    """When an answer counts as given: not before it was asked for, and not after now."""
    return max(asked_at, min(act, at))


def _request(task: Task, said: Said, nth: int, at: datetime) -> OpenRequest | Refused:
    wants = said.wants
    if not wants.items:
        return refusals.items_missing()
    if wants.answer_by is None or wants.answer_by <= at:
        return refusals.bad_answer_by()
    if nth > 1 and not (wants.basis and wants.approved_by):
        return refusals.second_supplement_counts_as_late()
    return OpenRequest(
        kind=Asked.SUPPLEMENT,
        office=task.office,
        asked_at=at,
        answer_by=wants.answer_by,
        nth=nth,
        items=wants.items,
        basis=wants.basis,
        approved_by=wants.approved_by,
    )
