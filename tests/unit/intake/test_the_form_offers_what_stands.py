"""A ward or project that is no more cannot be chosen from the day it ended; before, it can."""

from copy import deepcopy
from datetime import date, timedelta

from services.intake.inbound.pages.form import build_form
from shared.catalogue import Catalogue
from tests.builders import catalogue as city

ENDS = date(2026, 3, 6)
WARD, PROJECT = "00070", "sao-mai"


def with_two_ends() -> Catalogue:
    items = deepcopy(dict(city.items()))
    items["organisation"]["ended"] = [
        {"ward": WARD, "day": ENDS.isoformat(), "into": "00004"},
        {"project": PROJECT, "day": ENDS.isoformat()},
    ]
    return Catalogue.from_items(items)


def offered(name: str, on: date) -> set[str]:
    catalogue = with_two_ends()
    form = build_form(catalogue.procedure("housing-condition-02", on), catalogue, None, on)
    question = next(one for one in form.places if one.name == name)
    return {code for code, _ in question.options}


def test_until_the_day_before_both_are_there() -> None:
    before = ENDS - timedelta(days=1)
    assert WARD in offered("chosen", before)
    assert PROJECT in offered("project", before)


def test_from_their_day_on_neither_is_and_all_others_are() -> None:
    before = ENDS - timedelta(days=1)
    assert offered("chosen", before) - offered("chosen", ENDS) == {WARD}
    assert offered("project", before) - offered("project", ENDS) == {PROJECT}
