"""Late days are split between offices, the citizen and what lies outside, to the working minute."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause
from services.routing.domain.case.history_line import history_line
from services.routing.domain.case.task import TaskAct
from services.routing.domain.clock.time_attribution import (
    TimeOwner,
    TimeShare,
    decline_times,
    late_period,
    pause_periods,
    time_shares,
    time_spent,
)
from shared.clock import CITY_TZ
from shared.worktime import ClockEvent, ClockEventType, working_seconds
from tests.builders.routing import FRIDAY, OPERATOR, catalogue, rules, says, task_of, under_way

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=CITY_TZ)
HN = catalogue().calendar("hn", FRIDAY)
INSTANTS = st.integers(0, 20 * 24 * 60).map(lambda minute: FRIDAY + timedelta(minutes=minute))


def minutes(shares: tuple[TimeShare, ...]) -> dict[str, int]:
    return {share.office or share.owner.value: share.minutes for share in shares}


def on_monday_noon() -> Case:
    """Two offices so far: the counter's intake, done on Monday at ten, and then the next one."""
    case = under_way("disability-certificate")
    change = says(case, "convene", TaskAct.COMPLETE, at=MONDAY + timedelta(hours=2))
    assert isinstance(change, CaseChange)
    return change.case


def test_the_time_is_put_down_to_whoever_had_it_in_hands() -> None:
    case = on_monday_noon()
    convene, assess = task_of(case, "convene"), task_of(case, "assess")
    found = time_shares(case, HN, (FRIDAY, MONDAY + timedelta(hours=4)), {})
    friday = 60 * (3 + 3) + 30
    assert sum(share.minutes for share in found) == friday + 4 * 60
    assert minutes(found).get(convene.office, 0) + minutes(found).get(assess.office, 0) == friday + 4 * 60


def test_a_paper_asked_for_is_the_citizens_own_time() -> None:
    asked = ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, MONDAY)
    brought = ClockEvent(ClockEventType.SUPPLEMENTED, MONDAY + timedelta(hours=1))
    case = replace(on_monday_noon(), ledger=(asked, brought))
    found = minutes(time_shares(case, HN, (MONDAY, MONDAY + timedelta(hours=2)), {}))
    assert found[TimeOwner.CITIZEN.value] == 60
    assert sum(found.values()) == 120


def test_each_pause_is_a_stretch_of_its_own_and_one_still_open_reaches_to_the_end() -> None:
    def hours(n: int) -> datetime:
        return MONDAY + timedelta(hours=n)

    ledger = (
        ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, hours(0)),
        ClockEvent(ClockEventType.SUPPLEMENTED, hours(1)),
        ClockEvent(ClockEventType.EXCLUDED_STEP_BEGUN, hours(3)),
    )
    assert list(pause_periods(ledger, hours(5))) == [
        (TimeOwner.CITIZEN, (hours(0), hours(1))),
        (TimeOwner.OUTSIDE, (hours(3), hours(5))),
    ]
    assert list(pause_periods((), hours(5))) == []


def test_what_was_given_back_lies_with_the_centre_from_then_on() -> None:
    case = under_way("disability-certificate")
    task = task_of(case, "convene")
    declined = CaseUpdate("case.updated.v1", case, Cause("task.declined.v1", "x", OPERATOR), MONDAY, task)
    history = [history_line(declined)]
    found = minutes(time_shares(case, HN, (FRIDAY, MONDAY + timedelta(hours=1)), decline_times(history)))
    assert found["PASC"] == 60


def test_what_is_in_time_is_not_late_and_what_ended_stops_counting() -> None:
    case = replace(on_monday_noon(), current_due_at=MONDAY)
    assert late_period(replace(case, completed_at=MONDAY), MONDAY + timedelta(days=9)) is None
    assert late_period(case, MONDAY + timedelta(hours=1)) == (MONDAY, MONDAY + timedelta(hours=1))
    assert late_period(replace(case, current_due_at=None), MONDAY + timedelta(days=9)) is None


def test_a_dossier_not_accepted_has_spent_nobodys_time() -> None:
    case = replace(on_monday_noon(), accepted_at=None)
    assert time_spent(case, rules(MONDAY), []).time == ()


@given(begins=INSTANTS, ends=INSTANTS, turns=st.lists(INSTANTS, max_size=6, unique=True), back=INSTANTS)
def test_the_parts_always_sum_to_the_whole(
    begins: datetime, ends: datetime, turns: list[datetime], back: datetime
) -> None:
    facts = [ClockEventType.SUPPLEMENT_REQUESTED, ClockEventType.SUPPLEMENTED] * 3
    ledger = tuple(ClockEvent(fact, at) for fact, at in zip(facts, sorted(turns), strict=False))
    case = replace(on_monday_noon(), ledger=ledger)
    found = time_shares(case, HN, (begins, ends), {task_of(case, "assess").id: back, uuid4(): back})
    whole = working_seconds(HN, begins, ends) // 60 if ends > begins else 0
    assert sum(share.minutes for share in found) == whole
