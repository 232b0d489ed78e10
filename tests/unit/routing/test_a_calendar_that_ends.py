"""Near and after the end of the published calendar work goes on, and the date follows later."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from services.intake.domain.dossier.promise import counter_deadline, first_promise
from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import BY_RULE, Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.deadlines.deadlines import next_deadlines
from services.routing.domain.plan.recompute_dates import recompute_dates
from services.routing.inbound.pages.board_view import board_span
from shared.catalogue import Catalogue
from shared.events.case import DEADLINE_SET, UPDATED
from tests.builders.catalogue import at, catalogue, items
from tests.builders.routing import submitted_case

NEAR, AFTER = at("2027-12-27 09:00"), at("2028-01-05 09:00")
PUBLISHED = Cause("calendar.version_published.v1", "calendar/2", BY_RULE)


@cache
def next_year() -> Catalogue:
    """The catalogue once the calendar of 2028 is published, with a day off in January."""
    made = deepcopy(items())
    made["calendar"]["covers"]["to"] = "2028-12-31"
    last = made["calendar"]["national"][-1]
    off = {"date": "2028-01-03", "kind": "day_off", "published": "2027-12-30T17:00:00+07:00"}
    made["calendar"]["national"].append({**last, **off})
    return Catalogue.from_items(made)


def accepted(when: datetime, procedure: str = "business-household") -> Case:
    """A case that was filed and accepted then, as intake could promise it."""
    rules = Rules(catalogue(), when)
    case = submitted_case(procedure, at=when)
    office = catalogue().office(case.receiving_office)
    promise = first_promise(catalogue(), rules.procedure_of(case), office, when, when)
    assert promise.due_at is None
    answer_by = counter_deadline(catalogue(), office, when)
    cause = Cause("dossier.submitted.v1", "1", BY_RULE)
    opened = intake_events.open_case(case, answer_by, cause, rules).case
    acceptance = intake_events.Acceptance(when, case.version, promise.due_at, promise.explanation)
    change = intake_events.accept_case(opened, acceptance, cause, rules)
    assert isinstance(change, CaseChange)
    return change.case


@pytest.mark.parametrize("when", [at("2027-12-30 09:00"), AFTER])
def test_a_dossier_is_accepted_without_a_date_and_its_offices_have_theirs(when: datetime) -> None:
    case = accepted(when)
    assert (case.promised_due_at, case.current_due_at, case.explanation) == (None, None, ())
    (task,) = (task for task in case.tasks if task.is_open)
    assert task.due_at is not None
    assert task.due_at > when
    assert next_deadlines(case, Rules(catalogue(), when))


def test_the_date_is_promised_once_the_calendar_is_published() -> None:
    case = accepted(at("2027-12-30 09:00"))
    change = recompute_dates(case, PUBLISHED, Rules(next_year(), at("2027-12-31 09:00")))
    assert change is not None
    assert change.case.promised_due_at == change.case.current_due_at == at("2028-01-05 17:00")
    assert change.case.explanation
    (update,) = change.updates
    assert (update.type, update.cause.fact) == (UPDATED, DEADLINE_SET)
    again = recompute_dates(change.case, PUBLISHED, Rules(next_year(), at("2027-12-31 10:00")))
    assert again is None


def test_a_procedure_without_a_limit_gets_no_date_by_a_calendar() -> None:
    case = replace(accepted(at("2027-12-30 09:00")), procedure="question", version=1)
    change = recompute_dates(case, PUBLISHED, Rules(next_year(), at("2027-12-31 09:00")))
    assert change is None or change.case.promised_due_at is None


def test_the_board_has_its_days_after_the_end() -> None:
    span = board_span(Rules(catalogue(), AFTER))
    assert (span.today, span.until) == (at("2028-01-05 17:00"), at("2028-01-06 17:00"))
