"""Each row of the table is reached through the doors, and whatever is no row is refused, by name."""

from __future__ import annotations

import pytest

from tests.e2e.machine import doors, table
from tests.e2e.machine.acts import ACTS, NO, Act, leads
from tests.e2e.machine.doors import WARD, City, Dossier
from tests.e2e.machine.table import Place, Row
from tests.e2e.machine.walks import (
    BY_ITSELF,
    FEE_FIRST,
    NO_OFFICE,
    ON_FILING,
    Walk,
    places,
    reachable,
    walk_through,
)

ELECTRONIC = {
    "delivery": "electronic",
    "facts": {},
    "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 71680}],
}


def goes(city: City, walk: Walk) -> Dossier:
    """A dossier that was brought along this walk, each step seen by routing and on the page."""
    dossier = city.files()
    city.stands(dossier, dossier.place)
    for act in walk:
        there = leads(dossier.place, act)
        assert there is not None
        assert act.do(city, dossier), f"{act} at {dossier.place} was refused"
        dossier.place = there
        dossier.had.add(act.fact)
        city.stands(dossier, there)
    return dossier


@pytest.mark.parametrize("row", reachable(), ids=str)
def test_a_row_of_the_table_is_reached_through_the_doors(city: City, row: Row) -> None:
    walk = walk_through(row)
    assert walk is not None
    assert goes(city, walk).place.state == row.to or row.to == "accepted"


def test_a_dossier_accepted_by_rule_goes_from_draft_to_work_in_one_act(city: City) -> None:
    dossier = city.files(procedure="permanent-residence", place={"dwelling": WARD}, **ELECTRONIC)
    city.stands(dossier, Place("in_process"))
    facts = [line["because"] for line in city.life(dossier)["history"]]
    assert facts[:2] == ["dossier.submitted.v1", "dossier.accepted.v1"]


def test_what_a_counter_turns_away_goes_from_draft_to_refused_in_one_act(city: City) -> None:
    dossier = city.files("counter", refused=NO)
    assert city.stands(dossier, Place("refused"))
    facts = [line["because"] for line in city.life(dossier)["history"]]
    assert facts == ["dossier.submitted.v1", "dossier.refused.v1"]


@pytest.mark.parametrize("place", places(), ids=str)
def test_what_is_no_row_is_refused_by_name_and_leaves_the_dossier_where_it_stands(
    city: City, place: Place
) -> None:
    dossier = goes(city, places()[place])
    lines = city.lines(dossier)
    for act in _not_from(city, dossier):
        assert not act.do(city, dossier), f"{act} at {place} had an effect"
        city.stands(dossier, place)
    told = [line["state"] for line in city.life(dossier)["history"] if line["type"] != doors.DECLINED]
    assert set(told[lines:]) <= {place.state}


def _not_from(city: City, dossier: Dossier) -> list[Act]:
    has_task = city.task(dossier) is not None
    return [act for act in ACTS if leads(dossier.place, act) is None and (has_task or not act.needs_a_task)]


@pytest.mark.parametrize(("history", "refused"), table.never_after())
def test_a_forbidden_history_is_refused(city: City, history: tuple[str, ...], refused: str) -> None:
    ways = [walk for walk in places().values() if _states(walk)[-len(history) :] == history]
    if not ways:
        assert history[0] == "accepted"
        return
    dossier = goes(city, min(ways, key=len))
    for act in _not_from(city, dossier):
        act.do(city, dossier)
        assert city.life(dossier)["state"] != refused
    assert city.stands(dossier, dossier.place)


def _states(walk: Walk) -> tuple[str, ...]:
    place, seen = table.SUBMITTED, ["submitted"]
    for act in walk:
        there = leads(place, act)
        assert there is not None
        place = there
        seen.append(place.state)
    return tuple(seen)


def test_no_fact_of_the_file_joins_what_it_forbids() -> None:
    joined = {(row.from_, row.to) for row in table.rows()}
    assert not joined & set(table.never())


def test_every_row_is_walked_by_one_test_or_another() -> None:
    """On filing and by rule here; a fee first and an office nobody can name in the files of these names."""
    acts = {row.n for row in table.rows() if walk_through(row) is not None}
    assert acts == {row.n for row in reachable()}
    assert acts | ON_FILING | BY_ITSELF | FEE_FIRST | NO_OFFICE == set(range(1, 36))
    assert len(table.rows()) == 35


def test_a_row_that_the_city_does_not_follow_is_seen(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled = [
        Row(
            row.n,
            row.from_,
            row.fact,
            "stopped" if row.fact == "dossier.paid" else row.to,
            row.owner,
            row.when,
        )
        for row in table.rows()
    ]
    monkeypatch.setattr(table, "rows", lambda: tuple(spoiled))
    monkeypatch.setattr(doors, "PATIENCE_SECONDS", 1)
    by_name = {act.name: act for act in ACTS}
    with pytest.raises(AssertionError, match="at stopped, not in_process"):
        goes(city, (by_name["accept"], by_name["ask a fee"], by_name["pay"]))
