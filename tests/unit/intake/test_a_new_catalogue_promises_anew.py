"""Promises are remembered for a second; a catalogue published meanwhile is never answered from the old."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

from services.intake.domain.dossier.promise import counter_deadline, first_promise
from shared.catalogue import Catalogue, Office, Procedure
from shared.worktime import Limit, Unit
from tests.builders import catalogue as city
from tests.builders.intake import FRIDAY, JUDICIAL

MONDAY_OFF = {
    "date": "2026-03-09",
    "kind": "day_off",
    "name": {"vi": "ngày nghỉ mới", "en": "a new day off"},
    "decision": "made for this test",
    "published": None,
    "evidence": "made_up",
}


def with_monday_off() -> Catalogue:
    """The city's catalogue as published anew: the Monday after is a day off now."""
    items = deepcopy(city.items())
    items["calendar"]["national"].append(MONDAY_OFF)
    return Catalogue.from_items(items)


def filed_in(catalogue: Catalogue) -> tuple[Procedure, Office]:
    """What is filed, to be done in three working days, and where."""
    known = catalogue.procedure(JUDICIAL["procedure"], FRIDAY.date())
    procedure = replace(known, total=Limit(Unit.WORKING_DAY, 3))
    return procedure, catalogue.receiving_office(procedure, {}, FRIDAY.date())


def test_the_promise_is_counted_by_the_calendar_of_the_catalogue_it_is_made_under() -> None:
    before, after = city.catalogue(), with_monday_off()
    old = first_promise(before, *filed_in(before), FRIDAY, FRIDAY)
    new = first_promise(after, *filed_in(after), FRIDAY, FRIDAY)
    assert not any("ngày nghỉ mới" in line.why_vi for line in old.explanation)
    assert any("ngày nghỉ mới" in line.why_vi for line in new.explanation)
    assert first_promise(before, *filed_in(before), FRIDAY, FRIDAY) == old


def test_the_door_answers_by_the_calendar_of_the_catalogue_it_goes_by() -> None:
    before, after = city.catalogue(), with_monday_off()
    late = FRIDAY + timedelta(hours=7)
    old, new = (counter_deadline(one, filed_in(one)[1], late) for one in (before, after))
    assert new == old + timedelta(days=1)


def test_what_is_filed_a_second_later_is_counted_from_a_second_later() -> None:
    _, office = filed_in(city.catalogue())
    now, later = (counter_deadline(city.catalogue(), office, FRIDAY + timedelta(seconds=n)) for n in (0, 1))
    assert later == now + timedelta(seconds=1)
