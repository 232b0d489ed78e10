"""Events of intake before and at acceptance: filed, accepted, refused, supplemented, stopped."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, change_since
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.plan import placement, plan
from services.routing.domain.plan.effects import build_change
from services.routing.domain.plan.start_processing import finish_tasks
from shared.clock import to_city_second
from shared.counted_days import CountedDays
from shared.errors import Refused
from shared.events.case import OPENED, CitizenRequest
from shared.events.dossier import DossierRefused
from shared.states import State, StateEvent
from shared.worktime import add_working_hours


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An acceptance (form 01): when, under which version of the procedure, and the promised date."""

    at: datetime
    version: int
    promised_due_at: datetime | None
    explanation: tuple[CountedDays, ...]


def open_case(case: Case, answer_by: datetime, cause: Cause, rules: Rules) -> CaseChange:
    """Open a case with its reception task, so that a silent counter is an overdue task."""
    opened_case = case
    if not case.auto_accept:
        opened_case = case.with_new_tasks(plan.reception_task(case, answer_by, rules))
    return change_since(case, CaseUpdate(OPENED, opened_case, cause, rules.now))


def accept_case(case: Case, acceptance: Acceptance, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Accept a case: the work starts, unless a fee is due before it or an office is missing."""
    position = next_position(case.position, StateEvent.ACCEPTED)
    if isinstance(position, Refused):
        return position
    accepted_case = replace(
        finish_tasks(case.with_position(position), rules.now, "accepted"),
        version=acceptance.version,
        accepted_at=acceptance.at,
        promised_due_at=acceptance.promised_due_at,
        current_due_at=acceptance.promised_due_at,
        explanation=acceptance.explanation,
    )
    return placement.place_case(case, accepted_case, cause=cause, rules=rules)


def refuse_case(case: Case, refusal: DossierRefused, cause: Cause, at: datetime) -> CaseChange | Refused:
    """Refuse a case (form 03) and close its tasks."""
    position = next_position(case.position, StateEvent.REFUSED)
    if isinstance(position, Refused):
        return position
    refused_case = replace(
        finish_tasks(case.with_position(position), at, "refused"),
        refused_reason=refusal.reason_code,
        refused_rule=refusal.rule,
        completed_at=refusal.refused_at,
    )
    return build_change(refused_case, cause, at, before=case)


def record_supplement_request(
    case: Case, request: CitizenRequest, cause: Cause, at: datetime
) -> CaseChange | Refused:
    """Record a request for papers at the counter (form 02); reception waits for the answer."""
    position = next_position(case.position, StateEvent.SUPPLEMENT_REQUESTED)
    if isinstance(position, Refused):
        return position
    waiting_case = replace(
        case.with_position(position).with_each_task(_pause_reception),
        request=request,
        supplements_at_door=request.nth,
        second_supplement=request.nth > 1,
    )
    return build_change(waiting_case, cause, at)


def record_supplement(case: Case, answered_at: datetime, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Record papers brought before acceptance; reception has its whole time again from then."""
    position = next_position(case.position, StateEvent.SUPPLEMENTED)
    if isinstance(position, Refused):
        return position
    resumed_case = replace(case.with_position(position), request=None)
    for task in case.tasks:
        resumed_case = resumed_case.with_task(_resume_reception(case, task, answered_at, rules))
    return build_change(resumed_case, cause, rules.now, before=case)


def stop_case(
    case: Case, stopped_at: datetime, reason: str, cause: Cause, at: datetime
) -> CaseChange | Refused:
    """Stop a case before acceptance (form 05) and close its tasks."""
    position = next_position(case.position, StateEvent.STOPPED)
    if isinstance(position, Refused):
        return position
    stopped_case = replace(
        finish_tasks(case.with_position(position), at, "stopped"),
        request=None,
        completed_at=stopped_at,
    )
    return build_change(stopped_case, cause, at, reason=reason, before=case)


_FINAL_STATES = {
    StateEvent.REFUSED: State.REFUSED,
    StateEvent.WITHDRAWAL_REQUESTED: State.WITHDRAWAL_REQUESTED,
    StateEvent.RETURNED: State.RETURNED,
}


def is_already_applied(case: Case, fact: StateEvent) -> bool:
    """Whether this event had its effect before; applied again it has none."""
    match fact:
        case StateEvent.SUBMITTED:
            return True
        case StateEvent.ACCEPTED:
            return case.accepted_at is not None
        case StateEvent.REFUSED | StateEvent.WITHDRAWAL_REQUESTED | StateEvent.RETURNED:
            return case.state is _FINAL_STATES[fact]
        case _:
            return False


def _pause_reception(task: Task) -> Task:
    if not (task.is_reception and task.is_open):
        return task
    return replace(task, state=TaskState.WAITING)


def _resume_reception(case: Case, task: Task, since: datetime, rules: Rules) -> Task:
    if not task.is_reception or task.state is not TaskState.WAITING:
        return task
    calendar = rules.calendar_of(case.receiving_office)
    answer_by = add_working_hours(calendar, rules.catalogue.desk_answer_limit().amount, to_city_second(since))
    reception = plan.reception_task(case, answer_by, rules)
    return replace(reception, id=task.id, n=task.n)
