"""The 60 sample dossiers against the catalogue: what is in order passes, each mistake shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from shared.catalogue import NoOffice, missing_papers
from tests.builders.catalogue import DAY, catalogue, samples


@dataclass(frozen=True)
class Paper:
    """A declared paper."""

    type: str
    form: str | None = None


def lacks(sample: dict[str, Any]) -> list[list[str]]:
    one = catalogue().procedure(sample["procedure"], datetime.fromisoformat(sample["submitted_at"]).date())
    papers = [Paper(paper["type"], paper.get("form")) for paper in sample["papers"]]
    found = missing_papers(one, sample["facts"], papers, sample["filed_by"])
    return [[rule.type for rule in need.any_of] for need in found]


IN_ORDER = [sample for sample in samples() if sample["expect"]["outcome"] == "accepted"]


def test_54_of_60_are_in_order():
    assert (len(samples()), len(IN_ORDER)) == (60, 54)


def test_those_in_order_lack_no_paper():
    assert [sample["submission_id"] for sample in IN_ORDER if lacks(sample)] == []


def test_those_in_order_speak_the_vocabulary():
    for sample in IN_ORDER:
        on = datetime.fromisoformat(sample["submitted_at"]).date()
        one = catalogue().procedure(sample["procedure"], on)
        assert set(sample["facts"]) <= {fact.name for fact in one.facts}, sample
        assert {fact.name for fact in one.facts if fact.required} <= set(sample["facts"]), sample
        assert not [
            name for name, value in sample["facts"].items() if catalogue().fact(name).is_invalid(value)
        ]
        assert sample["channel"] in one.channels
        assert sample["delivery"] in one.outcome.delivery
        assert set(sample["place"]) == set(one.place_names)


def test_those_in_order_find_an_office_for_every_step():
    for sample in IN_ORDER:
        on = datetime.fromisoformat(sample["submitted_at"]).date()
        one = catalogue().procedure(sample["procedure"], on)
        assert catalogue().receiving_office(one, sample["place"], on)
        for step in one.plan(sample["facts"]):
            office = catalogue().office_for(step.role, sample["place"], one, on)
            assert catalogue().party_of(office.id, on)


def mistaken(kind: str) -> dict[str, Any]:
    return next(sample for sample in samples() if sample["expect"].get("mistake") == kind)


def test_the_transfer_without_its_contract_lacks_exactly_that():
    assert lacks(mistaken("missing_paper")) == [["HDCN"]]


def test_the_ward_that_ended_names_its_field_and_its_candidates():
    sample = mistaken("wrong_ward")
    one = catalogue().procedure(sample["procedure"], DAY)
    with pytest.raises(NoOffice) as wrong:
        catalogue().receiving_office(one, sample["place"], DAY)
    assert wrong.value.field == sample["expect"]["field"]
    offered = catalogue().ward_candidates(sample["place"]["residence"])
    assert [candidate.value for candidate in offered] == sample["expect"]["candidates"]
