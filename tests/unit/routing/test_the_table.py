"""The table of states: the city's own, row by row, and an answer for everything else."""

import itertools
from collections import Counter
from pathlib import Path

import pytest
import yaml

from services.routing.domain.case.position import ProcessPosition, Stage
from services.routing.domain.case.state import (
    ENDED,
    TABLE,
    ClockEffect,
    next_position,
    state_diagram,
    transition_for,
)
from services.routing.domain.case.state_refusals import CLOSED
from services.routing.words import WORDS
from shared.errors import Refused
from shared.states import State, StateEvent

STATES = yaml.safe_load(Path("deploy/catalogue/states.yaml").read_text("utf-8"))
OWED_AT_INTAKE = ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.INTAKE)
OWED = ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING)
ASKED_FROM = (
    ProcessPosition(State.SUBMITTED),
    OWED_AT_INTAKE,
    ProcessPosition(State.ACCEPTED),
    ProcessPosition(State.IN_PROCESS),
    OWED,
    ProcessPosition(State.PAYMENT_REQUESTED),
)
ALONE = [
    ProcessPosition(s) for s in State if s not in {State.SUPPLEMENT_REQUESTED, State.WITHDRAWAL_REQUESTED}
]
STANDINGS = [
    *ALONE,
    OWED_AT_INTAKE,
    OWED,
    *(ProcessPosition(State.WITHDRAWAL_REQUESTED, resume_to=place) for place in ASKED_FROM),
]
"""Every place a dossier can be in."""

EVERYTHING = list(itertools.product(STANDINGS, StateEvent))


def name_of(value: object) -> str:
    if isinstance(value, ProcessPosition):
        asked_from = f"←{name_of(value.resume_to)}" if value.resume_to else ""
        return f"{value.state}{'@' + value.stage if value.stage else ''}{asked_from}"
    return str(value)


def test_the_table_is_the_citys_table_guards_and_all() -> None:
    theirs = [
        (r["from"], r["event"], r["to"], r["by"], r["owner"], r.get("when", ""))
        for r in STATES["transitions"]
    ]
    ours = [(r.from_, r.event, r.to, r.actor, r.owner, r.guard) for r in TABLE]
    assert len(ours) == 35
    assert Counter(ours) == Counter(theirs)


def test_the_states_are_the_citys_states() -> None:
    assert {state.value for state in State} == set(STATES["states"])


def test_what_the_city_calls_terminal_needs_nobody_and_stays_closed() -> None:
    terminal = {name for name, state in STATES["states"].items() if state["terminal"]}
    assert terminal == {state.value for state in CLOSED}
    assert CLOSED < ENDED


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.from_}→{row.to}:{row.event}:{row.guard}")
def test_each_row_is_reached_from_some_place_and_by_no_other_row(row: object) -> None:
    places = [(place, fact) for place, fact in EVERYTHING if transition_for(place, fact) is row]
    assert places


@pytest.mark.parametrize(("standing", "fact"), EVERYTHING, ids=name_of)
def test_every_pair_has_one_answer(standing: ProcessPosition, fact: StateEvent) -> None:
    rows = [row for row in TABLE if row.event is fact and row.is_open(standing)]
    found = next_position(standing, fact)
    if not rows:
        assert isinstance(found, Refused)
        assert found.code in WORDS.refusals
    else:
        (row,) = rows
        assert isinstance(found, ProcessPosition)
        assert found.state is row.to


def test_a_place_is_reached_with_all_that_belongs_to_it() -> None:
    reached = {
        found
        for place, fact in EVERYTHING
        if isinstance(found := next_position(place, fact), ProcessPosition)
    }
    assert reached <= set(STANDINGS)


@pytest.mark.parametrize("pair", STATES["never"], ids="→".join)
def test_what_must_never_be_is_refused_whatever_the_guards_say(pair: list[str]) -> None:
    before, after = (State(name) for name in pair)
    reached = [next_position(place, fact) for place, fact in EVERYTHING if place.state is before]
    assert not [one for one in reached if isinstance(one, ProcessPosition) and one.state is after]


def history(names: list[str]) -> ProcessPosition:
    """Where this history ends: each state reached from the one before by some row of routing's."""
    standing = OWED if names[0] == "supplement_requested" else ProcessPosition(State(names[0]))
    for name in names[1:]:
        facts = [row.event for row in TABLE if row.to == name and row.is_open(standing)]
        found = next_position(standing, facts[0])
        assert isinstance(found, ProcessPosition), found
        standing = found
    return standing


@pytest.mark.parametrize("case", STATES["never_after"], ids=lambda case: case["why"])
def test_what_must_never_follow_a_history_is_refused(case: dict[str, object]) -> None:
    names, refused = case["history"], case["refused"]
    assert isinstance(names, list)
    reached = [next_position(history(names), fact) for fact in StateEvent]
    assert refused not in [one.state for one in reached if isinstance(one, ProcessPosition)]


@pytest.mark.parametrize("place", ASKED_FROM, ids=name_of)
def test_a_withdrawal_cancelled_leads_back_exactly_where_it_was_asked(place: ProcessPosition) -> None:
    asked = next_position(place, StateEvent.WITHDRAWAL_REQUESTED)
    assert isinstance(asked, ProcessPosition)
    assert next_position(asked, StateEvent.WITHDRAWAL_CANCELLED) == place


def test_asking_to_withdraw_and_cancelling_that_leave_the_clock_as_it_was() -> None:
    about = (StateEvent.WITHDRAWAL_REQUESTED, StateEvent.WITHDRAWAL_CANCELLED)
    assert {row.clock for row in TABLE if row.event in about} == {ClockEffect.OFF, ClockEffect.STAYS}


WHILE = {
    "off": {ClockEffect.OFF},
    "paused": {ClockEffect.PAUSES},
    "running": {ClockEffect.STARTS, ClockEffect.RUNS_ON, ClockEffect.RESUMES},
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.from_}→{row.to}:{row.event}")
def test_a_move_leaves_the_clock_as_its_state_has_it(row: object) -> None:
    moved = next(one for one in TABLE if one is row)
    if (
        moved.owner == "routing"
        and moved.clock is not ClockEffect.STAYS
        and moved.clock is not ClockEffect.ENDS
    ):
        assert moved.clock in WHILE[STATES["states"][moved.to]["clock"]]
    if moved.clock is ClockEffect.ENDS:
        assert STATES["states"][moved.to]["clock"] == "stopped"


def test_the_drawn_diagram_is_the_table() -> None:
    assert f"```mermaid\n{state_diagram()}\n```" in Path("docs/states.md").read_text("utf-8")
