"""What may be changed in the catalogue while dossiers live by it."""

from datetime import date
from typing import Any

import pytest

from services.routing.domain.editions.catalogue_diff import diff_items, refuse_removal, refuse_rewrite
from tests.builders.catalogue import items, items_without_the_ward

TODAY = date(2026, 3, 6)
KEY = "procedure:marriage:1"


def version(**other: Any) -> dict[str, Any]:
    return {"effective_from": "2025-07-01", "effective_to": None, "steps": ["intake", "sign"], **other}


def test_an_edition_names_what_is_new_and_what_differs_and_leaves_the_rest() -> None:
    edition = diff_items({"a": "1", "b": "1", "left-out": "1"}, {"a": "1", "b": "2", "c": "1"})
    assert (edition.new, edition.changed, edition.unchanged) == (("c",), ("b",), 1)
    assert edition.changed_keys == ("b", "c")


def test_a_version_in_force_is_never_rewritten_and_the_remedy_names_the_next_one() -> None:
    refused = refuse_rewrite([KEY], {KEY: version()}, {KEY: version(steps=["sign"])}, TODAY)
    assert refused is not None
    (field,) = refused.errors
    assert (refused.code, field.field) == ("version_in_force", KEY)
    assert "version 2 of marriage" in field.en
    assert "phiên bản 2" in field.vi


@pytest.mark.parametrize(
    ("stored", "offered"),
    [
        (version(), version(effective_to="2026-12-31")),
        (version(effective_from="2026-03-07"), version(effective_from="2026-03-07", steps=["sign"])),
    ],
    ids=["its end may move", "it is not in force before tomorrow"],
)
def test_what_is_not_lived_by_may_change(stored: dict[str, Any], offered: dict[str, Any]) -> None:
    assert refuse_rewrite([KEY], {KEY: stored}, {KEY: offered}, TODAY) is None


def test_only_procedures_are_pinned() -> None:
    assert (
        refuse_rewrite(["calendar"], {"calendar": {"off": []}}, {"calendar": {"off": ["x"]}}, TODAY) is None
    )


def test_an_office_once_published_is_not_left_out_and_the_remedy_says_how_it_ends() -> None:
    stored = items()["organisation"]
    fewer = {**stored, "wards": [ward for ward in stored["wards"] if ward["code"] != "00091"]}
    refused = refuse_removal(stored, fewer)
    assert refused is not None
    assert refused.code == "office_left_out"
    assert {field.field for field in refused.errors} >= {"WARD.00091", "WARD-EIU.00091"}
    assert "`ended`" in refused.errors[0].vi
    assert refuse_removal(stored, items_without_the_ward()["organisation"]) is None
