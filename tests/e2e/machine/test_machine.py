"""Two dossiers at once, driven at random through every door: the table holds after every step."""

from __future__ import annotations

import os
import re
import sys
import traceback
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import precondition, rule

from tests.e2e.machine import doors, table
from tests.e2e.machine.acts import ACTS, says_it_again
from tests.e2e.machine.again import told_once
from tests.e2e.machine.doors import City
from tests.e2e.machine.table import rows
from tests.e2e.machine.two_dossiers import (
    NUMBERS,
    TwoDossiers,
    at_random,
    each_record_follows_from_the_one_before,
    is_over,
    numbered,
)
from tests.e2e.machine.walks import reachable

EXAMPLES = int(os.environ.get("MOTCUA_MACHINE_EXAMPLES", "5"))
STEPS = int(os.environ.get("MOTCUA_MACHINE_STEPS", "30"))
FAULT_EXAMPLES = max(EXAMPLES, 20)
"""A fault ends the run that finds it, so more of them cost little."""
LONG = "MOTCUA_MACHINE_EXAMPLES" in os.environ
ONE_OR_THE_OTHER = st.integers(0, 1)


class Desk(TwoDossiers):
    """What may happen to two dossiers by the table of states."""

    @rule(number=NUMBERS)
    def the_first_goes_on(self, number: int) -> None:
        self.goes_on(0, numbered(number))

    @rule(number=NUMBERS)
    def the_second_goes_on(self, number: int) -> None:
        self.goes_on(1, numbered(number))

    @rule(number=NUMBERS)
    def both_go_on(self, number: int) -> None:
        self.goes_on(0, numbered(number))
        self.goes_on(1, numbered(number))

    @precondition(lambda self: any(is_over(one.place) for one in self.dossiers))
    @rule()
    def another_is_filed_in_place_of_one_thatis_over(self) -> None:
        self.files_in_place_of_what_is_over()

    @rule(which=ONE_OR_THE_OTHER, number=NUMBERS)
    def somebody_does_anything_at_all(self, which: int, number: int) -> None:
        dossier = self.dossiers[which]
        self.does(dossier, numbered(number)(self.can_be_tried(dossier)))

    @rule(number=NUMBERS)
    def an_earlier_request_arrives_again(self, number: int) -> None:
        self.arrives_again(numbered(number))

    @rule(which=ONE_OR_THE_OTHER)
    def a_withdrawal_is_sent_twice(self, which: int) -> None:
        """The same key again is a retry: one request, one answer."""
        dossier, key = self.dossiers[which], str(uuid4())
        before = len(self.city.life(dossier)["history"])
        act = next(act for act in ACTS if act.name == "withdraw")
        first, second = (self.city.at_intake(dossier, "withdraw", {}, again=key) for _ in range(2))
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        is_answered = first.is_success and not says_it_again(dossier.place, act.fact)
        had_effect = is_answered and self.city.heard(dossier, act.fact, before)
        self.moved(dossier, act, had_effect=had_effect)
        told = [x for x in self.city.life(dossier)["history"][before:] if x["because"] == f"{act.fact}.v1"]
        assert len(told) <= 1

    @precondition(lambda self: any(one.place.state == "in_process" for one in self.dossiers))
    @rule()
    def a_withdrawal_crosses_the_last_word(self) -> None:
        self.crosses(next(one for one in self.dossiers if one.place.state == "in_process"))


def test_the_table_holds_whatever_people_do(city: City) -> None:
    at_random(city, EXAMPLES, long=LONG, machine=Desk, steps=STEPS, spread=not LONG)
    assert len(Desk.seen) >= 2
    missed = [str(row) for row in reachable() if row.n not in Desk.reached]
    sys.stdout.write(f"\n{len(Desk.reached)} of {len(reachable())} rows were taken at random; not {missed}\n")
    assert len(Desk.reached) > len(reachable()) / 2
    each_record_follows_from_the_one_before(city, Desk.seen)


def test_a_row_that_the_city_does_not_follow_is_found_at_random(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is spoiled, not the city: to the machine it is the same."""
    spoiled = tuple(
        replace(row, to="refused") if row.fact == "dossier.supplemented" else row for row in rows()
    )
    monkeypatch.setattr(table, "rows", lambda: spoiled)
    monkeypatch.setattr(doors, "PATIENCE_SECONDS", 2)
    with pytest.raises((AssertionError, FlakyFailure)) as found:
        at_random(city, FAULT_EXAMPLES, long=False, machine=Desk, steps=STEPS, spread=True)
    told = "".join(traceback.format_exception(found.value))
    assert re.search(r"at refused, not (submitted|in_process)", told)


def test_a_word_that_had_its_effect_twice_is_seen() -> None:
    word = {"because": "dossier.paid.v1", "because_id": "one"}
    assert told_once([("case.updated.v1", word), ("dossier.routed.v1", word)])
    assert not told_once([("case.updated.v1", word), ("case.updated.v1", word)])
