"""A case's due date follows from its ledger, and begins as what intake promised."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from services.intake.domain.dossier.promise import first_promise
from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.clock.case_clock import (
    clock_at,
    start_ledger,
    with_clock_event,
    with_computed_date,
)
from shared.clock import CITY_TZ
from shared.counted_days import CountedDays
from shared.states import State
from shared.worktime import ClockEvent, ClockEventType
from tests.builders.routing import after, catalogue, rules, submitted_case, under_way

PROCEDURES = [one.id for one in catalogue().procedures(datetime(2026, 9, 10, tzinfo=CITY_TZ).date())]
FILED = datetime(2026, 9, 10, 14, 59, tzinfo=CITY_TZ)
ACCEPTED = datetime(2026, 9, 11, 15, 0, 1, tzinfo=CITY_TZ)

MONDAY = datetime(2026, 9, 14, 17, tzinfo=CITY_TZ)


def accepted(procedure: str, at: datetime = ACCEPTED, submitted_at: datetime = FILED) -> Case:
    case = submitted_case(procedure, at=submitted_at)
    return replace(case, state=State.IN_PROCESS, accepted_at=at)


def test_there_are_sixteen_procedures() -> None:
    assert len(PROCEDURES) == 16


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_clock_without_facts_gives_exactly_the_promise(name: str) -> None:
    case = accepted(name)
    known = catalogue().procedure_version(case.procedure, case.version)
    office = catalogue().office(case.receiving_office)
    told = first_promise(catalogue(), known, office, case.submitted_at, ACCEPTED)
    found = clock_at(case, rules(ACCEPTED))
    assert (found.due_at if found else None) == told.due_at
    assert (found.explanation if found else ()) == told.explanation


def test_without_facts_the_promise_stands_as_it_was_told() -> None:
    as_told = CountedDays(FILED.date(), FILED.date(), 0, "như đã báo", "as told")
    case = replace(accepted("marriage"), current_due_at=FILED, explanation=(as_told,))
    assert with_computed_date(case, rules(ACCEPTED)) is case


def test_the_receiving_offices_own_cut_off_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    case, city = accepted("marriage", ACCEPTED.replace(hour=11, minute=30)), catalogue()
    before = clock_at(case, Rules(city, ACCEPTED))
    early = replace(city.office(case.receiving_office), cutoff=time(11))
    monkeypatch.setattr(city, "office", lambda _: early)
    after = clock_at(case, Rules(city, ACCEPTED))
    assert before is not None
    assert after is not None
    assert (before.due_at, after.due_at) == (ACCEPTED.replace(hour=17, second=0), MONDAY)


def test_a_dossier_not_accepted_has_no_clock() -> None:
    assert start_ledger(submitted_case("marriage"), rules()) is None


def test_the_worked_example_of_a_land_transfer_before_tet() -> None:
    begun = datetime(2026, 2, 12, 10, tzinfo=CITY_TZ)
    asked, answered = begun.replace(day=13, hour=14), begun.replace(day=23)
    case = accepted("land-transfer", begun, begun)
    paused = with_clock_event(case, ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, asked), rules(asked))
    assert paused.current_due_at is None
    resumed = with_clock_event(paused, ClockEvent(ClockEventType.SUPPLEMENTED, answered), rules(answered))
    assert resumed.current_due_at == datetime(2026, 3, 4, 17, tzinfo=CITY_TZ)
    assert sum(line.counts for line in resumed.explanation) == 8
    assert all(line.why_vi and line.why_en for line in resumed.explanation)


def test_a_date_beyond_the_known_calendar_is_not_guessed() -> None:
    late = datetime(2027, 12, 30, 10, tzinfo=CITY_TZ)
    case = accepted("land-transfer", late, late)
    stopped = with_clock_event(case, ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, late), rules(late))
    resumed = with_clock_event(stopped, ClockEvent(ClockEventType.SUPPLEMENTED, late), rules(late))
    assert (resumed.current_due_at, resumed.explanation) == (None, ())


def test_completion_ends_the_clock_and_leaves_the_date_in_force() -> None:
    case = under_way()
    done = after(case, "check", "sign")
    assert [event.fact for event in done.ledger] == [ClockEventType.COMPLETED]
    assert (done.current_due_at, done.explanation) == (case.current_due_at, case.explanation)
