"""A ward dissolved between filing and acceptance makes the rows of `accepted` real; published, it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress

import pytest

from deploy.cli.catalogue import files_of
from tests.builders.catalogue import DISSOLVED, FOLDER, NEIGHBOUR, files_without_the_ward
from tests.e2e.machine.acts import ACTS, Act, after, leads
from tests.e2e.machine.doors import WARD, City, Dossier, granted, logged_in, until_seen
from tests.e2e.machine.table import ACCEPTED, WITHDRAWAL, Place, row_of

UNDECIDED = Place(WITHDRAWAL, resume_to=ACCEPTED)
WHOLE = files_of(FOLDER)
BY_NAME = {one.name: one for one in ACTS}
WITHDRAW, KEEP = BY_NAME["withdraw"], BY_NAME["keep"]


@pytest.fixture(autouse=True)
def whole_again(city: City) -> Iterator[None]:
    """The ward is there before and after."""
    yield
    publish(city, WHOLE)


def publish(city: City, files: Mapping[str, str]) -> None:
    """As `motcua catalogue publish` does."""
    url, key = f"{city.stack.routing_url}/v1/catalogue", {"X-API-Key": city.stack.operator_api_key}
    said = city.http.post(url, json={"files": files}, headers=key)
    assert said.is_success, said.text


def filed(city: City) -> Dossier:
    """About land in a ward that stands; the door may not have heard yet that it stands again."""

    def taken() -> Dossier | None:
        with suppress(AssertionError):
            return city.files(place={"chosen": WARD, "parcel": DISSOLVED})
        return None

    return until_seen(taken, lambda: "the door to know the ward")


def resting(city: City) -> Dossier:
    """Accepted once the ward was no more."""
    dossier = filed(city)
    city.stands(dossier, dossier.place)
    publish(city, files_without_the_ward())
    assert BY_NAME["accept"].do(city, dossier)
    dossier.had.add("dossier.accepted")
    return at(city, dossier, ACCEPTED)


def at(city: City, dossier: Dossier, place: Place) -> Dossier:
    """The dossier, seen there by routing and on its page."""
    city.stands(dossier, place)
    dossier.place = place
    return dossier


def goes(city: City, dossier: Dossier, act: Act, to: Place) -> None:
    """This act takes the row that leads there."""
    row = row_of(dossier.place, act.fact)
    assert row is not None
    assert row.leads(dossier.place) == to
    assert act.do(city, dossier), f"{act} at {dossier.place} was refused"
    at(city, dossier, to)


def reception(city: City, dossier: Dossier) -> dict[str, str]:
    """The task that the receiving office still has in hands."""
    return next(one for one in city.life(dossier)["tasks"] if one["step"] == "receive")


def ends(city: City, dossier: Dossier) -> None:
    """Its offices do their work: nobody of the ward has anything left to do."""
    at(city, dossier, Place("in_process"))
    assert BY_NAME["finish"].do(city, dossier)
    city.stands(dossier, Place("completed"))


def told(city: City, dossier: Dossier) -> list[tuple[str, str]]:
    """What led where, as far as anything had an effect."""
    lines = city.life(dossier)["history"]
    return [(line["because"], line["state"]) for line in lines if "declined" not in line["type"]]


def test_accepted_it_waits_with_its_date_and_published_it_is_worked_on_to_its_end(city: City) -> None:
    dossier = resting(city)
    life, page = city.life(dossier), city.page(dossier)
    assert life["unplaced"]["value"] == DISSOLVED
    assert life["current_due_at"] == life["promised_due_at"] == page["due_at"]
    assert page["office_sought_since"] == life["unplaced"]["since"]
    assert life["holder"] == reception(city, dossier)["office"] == f"PASC-SP.{WARD}"
    publish(city, files_without_the_ward(into=NEIGHBOUR))
    at(city, dossier, Place("in_process"))
    assert told(city, dossier)[1:] == [
        ("dossier.accepted.v1", "accepted"),
        ("organisation.version_published.v1", "in_process"),
    ]
    ends(city, dossier)


def test_a_citizen_withdraws_from_accepted_and_keeps_it_after_all(city: City) -> None:
    """Rows 16 and 32 of the table, there and back; then the office is found."""
    dossier = resting(city)
    goes(city, dossier, WITHDRAW, UNDECIDED)
    goes(city, dossier, KEEP, ACCEPTED)
    assert city.life(dossier)["unplaced"]["value"] == DISSOLVED
    publish(city, WHOLE)
    ends(city, dossier)


def test_what_is_kept_once_the_office_is_there_goes_on_at_once(city: City) -> None:
    dossier = resting(city)
    goes(city, dossier, WITHDRAW, UNDECIDED)
    publish(city, WHOLE)
    before = len(told(city, dossier))
    assert KEEP.do(city, dossier)
    city.stands(dossier, Place("in_process"))
    kept = "dossier.withdrawal_cancelled.v1"
    assert told(city, dossier)[before:] == [(kept, "accepted"), (kept, "in_process")]
    ends(city, dossier)


def test_the_receiving_office_confirms_the_withdrawal(city: City) -> None:
    dossier = resting(city)
    goes(city, dossier, WITHDRAW, UNDECIDED)
    task = reception(city, dossier)
    with closing(logged_in(city.stack.routing_url, "quay.badinh")) as officer:
        url = f"{city.stack.routing_url}/v1/tasks/{task['task_id']}/ask-stop"
        assert granted(officer.post(url, json={"office": task["office"], "reason": "Người dân xin rút"}))
    city.stands(dossier, Place("stopped"))


@pytest.mark.parametrize("place", [ACCEPTED, UNDECIDED], ids=str)
def test_whatever_else_is_done_there_is_refused_by_name(city: City, place: Place) -> None:
    dossier = resting(city)
    if place == UNDECIDED:
        goes(city, dossier, WITHDRAW, UNDECIDED)
    lines = city.lines(dossier)
    for act in ACTS:
        if leads(place, act) is None and not act.needs_a_task:
            assert not act.do(city, dossier), f"{act} at {place} had an effect"
            city.stands(dossier, place)
    assert city.lines(dossier) == lines
    publish(city, WHOLE)
    if place == UNDECIDED:
        assert KEEP.do(city, dossier)
    ends(city, dossier)


def test_where_a_withdrawal_from_accepted_leads_back_is_no_other_place() -> None:
    assert after(UNDECIDED, "dossier.withdrawal_cancelled") == ACCEPTED
