"""Planning of an accepted dossier, which waits while a role has no office at its place.

Reception stays open meanwhile, with the counter's time to answer, so that the wait is warned of and escalated
like any other. The promised date runs on. Decision 0015.
"""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.plan import advance_fee, plan, reception
from services.routing.domain.plan.effects import build_change
from services.routing.domain.plan.start_processing import start_processing
from shared.catalogue import NoOffice
from shared.clock import to_city_second
from shared.errors import Refused
from shared.events.case import MissingOffice
from shared.states import State, StateEvent
from shared.worktime import add_working_hours


def place_case(before: Case, accepted: Case, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Plan an accepted case: start the work, or request the fee before it, or wait for an office."""
    try:
        tasks = plan.plan_tasks(accepted, rules)
    except NoOffice as missing:
        return build_change(
            _wait_for_office(before, accepted, missing=missing, rules=rules), cause, rules.now
        )
    planned = build_change(accepted.with_new_tasks(*tasks), cause, rules.now)
    return _continue_accepted(before, planned, cause, rules)


def retry_placement(case: Case, cause: Cause, rules: Rules) -> CaseChange | None:
    """Plan a waiting case by the current catalogue; None if nothing changes."""
    change = resume_placement(case, CaseChange(case), cause=cause, rules=rules)
    if isinstance(change, Refused) or change.case == case:
        return None
    if not change.updates:
        return build_change(change.case, cause, rules.now)
    return change


def resume_placement(before: Case, change: CaseChange, cause: Cause, rules: Rules) -> CaseChange | Refused:
    """Return the change, with the plan added if the case waits for an office that exists by now."""
    case = change.case
    if not is_unplaced(case):
        return change
    try:
        tasks = plan.plan_tasks(case, rules)
    except NoOffice as missing:
        # Another role may be the missing one by now, so what the case waits for is stored anew.
        waiting_case = replace(case, unplaced=_missing_office(case, missing, rules.now))
        return change.with_case(waiting_case)
    received_case = reception.close_reception(case, rules.now)
    planned = replace(received_case.with_new_tasks(*tasks), unplaced=None)
    return _continue_accepted(before, replace(change, case=planned), cause=cause, rules=rules)


def is_unplaced(case: Case) -> bool:
    """Whether the case is accepted and waits for an office."""
    return case.unplaced is not None and case.state is State.ACCEPTED


def _continue_accepted(
    before: Case, accepted: CaseChange, cause: Cause, rules: Rules
) -> CaseChange | Refused:
    """Request the advance fee or start the work. `accepted` has the plan, and no task queued yet."""
    if advance_fee.advance_fee(accepted.case, rules):
        return advance_fee.request_advance_fee(before, accepted, cause=cause, rules=rules)
    position = next_position(accepted.case.position, StateEvent.ROUTED)
    if isinstance(position, Refused):
        return position
    return start_processing(
        before,
        replace(accepted, case=accepted.case.with_position(position)),
        cause=cause,
        rules=rules,
    )


def _wait_for_office(before: Case, accepted: Case, missing: NoOffice, rules: Rules) -> Case:
    calendar = rules.calendar_of(accepted.receiving_office)
    answer_by = add_working_hours(
        calendar, rules.catalogue.desk_answer_limit().amount, to_city_second(rules.now)
    )
    waiting_case = reception.reopen_reception(before, accepted, due_at=answer_by, rules=rules)
    return replace(waiting_case, unplaced=_missing_office(accepted, missing, rules.now))


def _missing_office(case: Case, missing: NoOffice, at: datetime) -> MissingOffice:
    value = case.place.get(missing.field.removeprefix("place."))
    since = case.unplaced.since if case.unplaced else at
    return MissingOffice(missing.role, missing.field, value=value, why=missing.reason, since=since)
