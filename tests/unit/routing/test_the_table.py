"""The table of states: the same as the city's own, and nothing beside it."""

import itertools
from pathlib import Path

import pytest
import yaml

from services.routing.domain.state import ENDED, TABLE, Fact, State, diagram, move
from shared.errors import Refused

STATES = yaml.safe_load(Path("deploy/catalogue/states.yaml").read_text("utf-8"))


def test_each_row_is_a_row_of_the_citys_table() -> None:
    theirs = {(r["from"], r["event"], r["to"], r["by"], r["owner"]) for r in STATES["transitions"]}
    assert {(r.from_, r.fact, r.to, r.who, r.owner) for r in TABLE} <= theirs


def test_the_states_are_the_citys_states() -> None:
    assert {state.value for state in State} == set(STATES["states"])


def test_what_the_city_calls_terminal_needs_nobody() -> None:
    terminal = {name for name, state in STATES["states"].items() if state["terminal"]}
    assert terminal <= {state.value for state in ENDED}


@pytest.mark.parametrize(("state", "fact"), list(itertools.product(State, Fact)))
def test_every_pair_has_an_answer(state: State, fact: Fact) -> None:
    rows = [row for row in TABLE if (row.from_, row.fact) == (state, fact)]
    found = move(state, fact)
    if rows:
        assert found is rows[0].to
    else:
        assert isinstance(found, Refused)
        assert found.code == "forbidden_move"


@pytest.mark.parametrize("pair", STATES["never"], ids="→".join)
def test_no_row_allows_what_must_never_be(pair: list[str]) -> None:
    assert not [row for row in TABLE if [row.from_, row.to] == pair]


def test_the_drawn_diagram_is_the_table() -> None:
    assert f"```mermaid\n{diagram()}\n```" in Path("docs/states.md").read_text("utf-8")
