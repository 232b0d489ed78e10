"""Where some of a dossier was granted and some denied, neither word is true of the whole."""

from collections.abc import Mapping

import pytest

from shared.catalogue.model.results import separate_results
from tests.builders.case_updates import finished
from tests.builders.catalogue import DAY, catalogue

A_WIDOWS = {"receive": "accepted", "death": "done", "residence-off": "granted", "survivor": "denied"}


def told_apart(procedure: str, words: Mapping[str, str], **changes: str) -> list[str]:
    steps = [finished(name, outcome, actor=changes.get(name)) for name, outcome in words.items()]
    return [result.step.step for result in separate_results(catalogue().procedure(procedure, DAY), steps)]


def test_a_widow_reads_what_was_granted_beside_what_was_denied() -> None:
    assert told_apart("death-interlinked", A_WIDOWS) == ["death", "residence-off", "survivor"]


def test_a_certificate_granted_before_the_one_step_that_denied_is_told_too() -> None:
    assert told_apart("death-interlinked", {"death": "done", "residence-off": "denied"}) == [
        "death",
        "residence-off",
    ]


@pytest.mark.parametrize("word", ["granted", "denied"])
def test_where_all_ended_alike_there_is_nothing_to_tell_apart(word: str) -> None:
    assert told_apart("death-interlinked", {"death": word, "residence-off": word, "survivor": word}) == []


def test_a_check_on_the_way_to_one_decision_is_no_result_of_its_own() -> None:
    assert told_apart("marital-status", {"check": "granted", "sign": "denied"}) == []


def test_a_persons_own_act_is_no_result() -> None:
    words = {"householder-consent": "done", "residence": "denied"}
    assert told_apart("birth-interlinked", words, **{"householder-consent": "householder"}) == []
