"""The rules that say which papers a dossier needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.catalogue import missing_papers
from shared.catalogue.model.papers import RULES
from tests.builders.catalogue import DAY, catalogue


@dataclass(frozen=True)
class Paper:
    """A declared paper."""

    type: str
    form: str | None = None


def lacks(
    procedure: str, *types: str, facts: Mapping[str, object] | None = None, by: str = "self"
) -> list[set[str]]:
    papers = [Paper(*type.split("/")) for type in types]
    found = missing_papers(catalogue().procedure(procedure, DAY), facts or {}, papers, by)
    return [{rule.type for rule in need.any_of} for need in found]


def test_one_of_a_group_is_enough():
    assert lacks("social-housing-purchase", "DON-NOXH") == [{"MAU02", "MAU03"}, {"MAU01A", "MAU04", "MAU05"}]
    assert lacks("social-housing-purchase", "DON-NOXH", "MAU03", "MAU04") == []


def test_a_proxy_needs_an_authorisation_and_so_does_who_says_represented():
    assert lacks("housing-condition-02", "TOKHAI/02") == []
    assert lacks("housing-condition-02", "TOKHAI/02", by="proxy") == [{"UYQUYEN"}]
    assert lacks("housing-condition-02", "TOKHAI/02", facts={"represented": True}) == [{"UYQUYEN"}]


def test_form_14_does_not_stand_in_for_form_02():
    assert lacks("housing-condition-02", "TOKHAI/14") == [{"TOKHAI"}]
    assert lacks("housing-condition-02", "TOKHAI/03") == []


def test_facts_that_are_not_given_ask_for_nothing():
    assert lacks("marriage", "TOKHAI") == []
    assert lacks("marriage", "TOKHAI", facts={"resident_here": False}) == [{"XN-HONNHAN"}]
    assert lacks("business-household", "DON-HKD", facts={"family_members": True}) == [{"BBHOP"}]


def test_the_marital_paper_only_if_single_and_asked():
    papers = ("DON-NOXH", "MAU02", "MAU04")
    assert lacks("social-housing-purchase", *papers, facts={"married": False}) == []
    asked = {"married": False, "marital_paper_asked": True}
    assert lacks("social-housing-purchase", *papers, facts=asked) == [{"XN-HONNHAN"}]


def test_every_rule_has_its_words():
    for word in RULES:
        assert catalogue().paper_required(word).vi
