"""Late days are split between offices, the citizen and what lies outside, to the working minute."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.case import Case, Change
from services.routing.domain.task import Act
from services.routing.domain.whose_time import Share, Whose, declines, late_span, pauses, spent, whose_time
from shared.clock import CITY_TZ
from shared.worktime import Event, Fact, working_seconds
from tests.builders.routing import FRIDAY, catalogue, says, task_of, under_way

MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=CITY_TZ)
HN = catalogue().calendar("hn", FRIDAY)
INSTANTS = st.integers(0, 20 * 24 * 60).map(lambda minute: FRIDAY + timedelta(minutes=minute))


def minutes(shares: tuple[Share, ...]) -> dict[str, int]:
    return {share.office or share.whose.value: share.minutes for share in shares}


def on_monday_noon() -> Case:
    """Two offices so far: the counter's intake, done on Monday at ten, and then the next one."""
    case = under_way("disability-certificate")
    change = says(case, "convene", Act.COMPLETE, at=MONDAY + timedelta(hours=2))
    assert isinstance(change, Change)
    return change.case


def test_the_time_is_put_down_to_whoever_had_it_in_hands() -> None:
    case = on_monday_noon()
    convene, assess = task_of(case, "convene"), task_of(case, "assess")
    found = whose_time(case, HN, (FRIDAY, MONDAY + timedelta(hours=4)), {})
    friday = 60 * (3 + 3) + 30
    assert sum(share.minutes for share in found) == friday + 4 * 60
    assert minutes(found).get(convene.office, 0) + minutes(found).get(assess.office, 0) == friday + 4 * 60


def test_a_paper_asked_for_is_the_citizens_own_time() -> None:
    asked = Event(Fact.SUPPLEMENT_REQUESTED, MONDAY)
    brought = Event(Fact.SUPPLEMENTED, MONDAY + timedelta(hours=1))
    case = replace(on_monday_noon(), ledger=(asked, brought))
    found = minutes(whose_time(case, HN, (MONDAY, MONDAY + timedelta(hours=2)), {}))
    assert found[Whose.CITIZEN.value] == 60
    assert sum(found.values()) == 120


def test_each_pause_is_a_stretch_of_its_own_and_one_still_open_reaches_to_the_end() -> None:
    def hours(n: int) -> datetime:
        return MONDAY + timedelta(hours=n)

    ledger = (
        Event(Fact.SUPPLEMENT_REQUESTED, hours(0)),
        Event(Fact.SUPPLEMENTED, hours(1)),
        Event(Fact.EXCLUDED_STEP_BEGUN, hours(3)),
    )
    assert list(pauses(ledger, hours(5))) == [
        (Whose.CITIZEN, (hours(0), hours(1))),
        (Whose.OUTSIDE, (hours(3), hours(5))),
    ]
    assert list(pauses((), hours(5))) == []


def test_what_was_given_back_lies_with_the_centre_from_then_on() -> None:
    case = under_way("disability-certificate")
    task = task_of(case, "convene")
    history = [{"because": "task.declined.v1", "task_id": task.id, "at": MONDAY}]
    found = minutes(whose_time(case, HN, (FRIDAY, MONDAY + timedelta(hours=1)), declines(history)))
    assert found["PASC"] == 60


def test_what_is_in_time_is_not_late_and_what_ended_stops_counting() -> None:
    case = replace(on_monday_noon(), current_due_at=MONDAY)
    assert late_span(replace(case, completed_at=MONDAY), MONDAY + timedelta(days=9)) is None
    assert late_span(case, MONDAY + timedelta(hours=1)) == (MONDAY, MONDAY + timedelta(hours=1))
    assert late_span(replace(case, current_due_at=None), MONDAY + timedelta(days=9)) is None


def test_a_dossier_not_accepted_has_spent_nobodys_time() -> None:
    case = replace(on_monday_noon(), accepted_at=None)
    assert spent(case, catalogue(), MONDAY, []).time == ()


@given(begins=INSTANTS, ends=INSTANTS, turns=st.lists(INSTANTS, max_size=6, unique=True), back=INSTANTS)
def test_the_parts_always_sum_to_the_whole(
    begins: datetime, ends: datetime, turns: list[datetime], back: datetime
) -> None:
    facts = [Fact.SUPPLEMENT_REQUESTED, Fact.SUPPLEMENTED] * 3
    ledger = tuple(Event(fact, at) for fact, at in zip(facts, sorted(turns), strict=False))
    case = replace(on_monday_noon(), ledger=ledger)
    found = whose_time(case, HN, (begins, ends), {task_of(case, "assess").id: back, uuid4(): back})
    whole = working_seconds(HN, begins, ends) // 60 if ends > begins else 0
    assert sum(share.minutes for share in found) == whole
