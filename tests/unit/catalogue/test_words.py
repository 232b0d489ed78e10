"""The closed vocabulary, and how long a text is on a phone."""

import pytest

from shared.catalogue.texts.measure import gsm7_length, ucs2_segments, ucs2_units
from shared.words.diacritics import strip_diacritics
from tests.builders.catalogue import catalogue


@pytest.mark.parametrize(
    ("fact", "good", "bad"),
    [
        ("married", [True, False], ["true", 1, None]),
        ("copies", [1, 100], [0, 101, True, "3", 1.5]),
        ("child_born", ["2026-01-07"], ["7/1/2026", "2026-02-30", 20260107]),
        ("register", ["khai sinh"], ["birth", ""]),
        ("trade", ["quán ăn"], ["", "  ", "x" * 121]),
        ("earlier_wards", [["00475"], []], ["00475", [475]]),
        ("barriers", [["cannot_travel"]], [["lazy"]]),
    ],
)
def test_a_fact_knows_its_own_values(fact: str, good: list[object], bad: list[object]):
    assert not [value for value in good if catalogue().fact(fact).is_invalid(value)]
    assert [value for value in bad if not catalogue().fact(fact).is_invalid(value)] == []


def test_only_facts_that_steps_depend_on_travel():
    used = {step.when.fact for one in catalogue().all_versions() for step in one.steps if step.when}
    asked = {fact.name for one in catalogue().all_versions() for fact in one.facts}
    travelling = {name for name in asked if catalogue().fact(name).routing}
    assert travelling == used & asked


def test_septets_count_brackets_twice_and_refuse_vietnamese():
    assert gsm7_length("Ho so") == 5
    assert gsm7_length("[1]") == 5
    assert gsm7_length("hồ sơ") is None


def test_a_decomposed_mark_costs_nothing_extra():
    assert ucs2_units("ho\u0302\u0300 so\u031b") == 5
    assert [ucs2_segments("ă" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]


def test_names_can_be_written_without_marks():
    assert (
        strip_diacritics("VPĐKĐĐ Đống Đa, Công an P. Văn Miếu - QTG")
        == "VPDKDD Dong Da, Cong an P. Van Mieu - QTG"
    )


def test_states_and_reasons_are_said_as_the_office_says_them():
    assert catalogue().state_name("completed").vi == "Đã xử lý xong"
    assert catalogue().reason("papers_incomplete").words.en == "A required paper is missing"
    assert all(one.words.vi and one.rule.vi for one in catalogue().reasons())
