"""Each word of the organisation that names nothing is told with its place and the reason."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from shared.catalogue.loading.references_city import CHECKS
from tests.builders.catalogue import items

ORGANISATION, WARDS = "organisation", "wards"
LINEAGE, STATES, WORDS = "organisation:lineage", "vocabulary:states", "vocabulary:words"
SOURCES: Mapping[str, str] = {WARDS: ORGANISATION}
"""Wards come from a file of their own and are published with the organisation."""


def problems_with(source: str, path: str, value: Any) -> list[tuple[str, str]]:
    """What the check of a source says once this one value of it is wrong."""
    item = SOURCES.get(source, source)
    spoilt = {**items(), item: deepcopy(items()[item])}
    *way, last = path.split("/")
    place: Any = spoilt[item]
    for name in way:
        place = place[int(name) if isinstance(place, list) else name]
    place[int(last) if isinstance(place, list) else last] = value
    return [(".".join(map(str, at)), why) for at, why in CHECKS[source](spoilt)]


@pytest.mark.parametrize("source", list(CHECKS))
def test_the_real_city_is_in_order(source: str) -> None:
    assert list(CHECKS[source](items())) == []


@pytest.mark.parametrize(
    ("source", "path", "value", "where", "why"),
    [
        (ORGANISATION, "roles/SXD/calendar", "hanoi", "roles.SXD.calendar", "no such calendar"),
        (ORGANISATION, "roles/SXD/short", "{wards}", "roles.SXD.short", "may use only {ward}"),
        (ORGANISATION, "roles/SXD/short", "{", "roles.SXD.short", "may use only {ward}"),
        (ORGANISATION, "projects/sao-mai/calendar", "x", "projects.sao-mai.calendar", "no such calendar"),
        (ORGANISATION, "projects/sao-mai/ward", "99999", "projects.sao-mai.ward", "no such ward"),
        (
            ORGANISATION,
            "parties/pasc/serves",
            ["PASC-BR", "PASC-SP", "X"],
            "parties.pasc.serves",
            "no role X",
        ),
        (ORGANISATION, "parties/pasc/serves", ["PASC-SP"], "roles.PASC-BR", "0 parties serve PASC-BR"),
        (ORGANISATION, "parties/wards/projects", ["sao-mai"], "projects.sao-mai", "2 parties have sao-mai"),
        (ORGANISATION, "changes/1/offices", ["MAYOR.1"], "changes.1.offices", "MAYOR.1: no role MAYOR"),
        (ORGANISATION, "changes/1/offices", ["WARD.7"], "changes.1.offices", "no ward 7 in wards.csv"),
        (
            ORGANISATION,
            "changes/0/offices",
            ["SXD"],
            "changes.0.offices",
            "only offices of a ward have a day",
        ),
        (ORGANISATION, "changes/1/from_party", "nobody", "changes.1.from_party", "no such party"),
        (ORGANISATION, "changes/1/to_party", "nobody", "changes.1.to_party", "no such party"),
        (ORGANISATION, "changes/1/day", None, "changes.1", "give `day` or `day_from`"),
        (ORGANISATION, "changes/1/day_from", "point_moves_on", "changes.1", "give `day` or `day_from`"),
        (ORGANISATION, "ended", [{"day": "2026-03-06"}], "ended.0", "give `ward` or `project`"),
        (ORGANISATION, "ended", [{"ward": "99999"}], "ended.0", "no such ward or project: 99999"),
        (ORGANISATION, "ended", [{"ward": "00091"}, {"ward": "00091"}], "ended.1", "00091 ends twice"),
        (ORGANISATION, "ended", [{"ward": "00091", "into": "00091"}], "ended.0.into", "a ward that stands"),
        (WARDS, "wards/1/code", "00004", "1", "code 00004 stands in two rows"),
        (WARDS, "wards/1/point_no", 1, "1", "point_no 1 stands in two rows"),
        (LINEAGE, "candidates/00001/0/likely", False, "", "former ward 00001 needs exactly one"),
        (LINEAGE, "candidates/00001/0/code", "99999", "", "99999 is no ward of wards.csv"),
        (STATES, "transitions/0/to", "limbo", "transitions.0.to", "no state limbo"),
        (STATES, "transitions/0/from", "limbo", "transitions.0.from", "no state limbo"),
        (WORDS, "papers_required/perhaps", {}, "papers_required.perhaps", "stands in only one of"),
    ],
)
def test_what_names_nothing_is_told_with_its_place(
    source: str, path: str, value: Any, where: str, why: str
) -> None:
    found = problems_with(source, path, value)
    assert [said for at, said in found if at == where and why in said], found
