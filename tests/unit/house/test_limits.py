"""Limits of the house. What does not keep them yet stands in `allowances.yaml`, and may only shrink."""

from collections.abc import Iterator

import pytest

from tests.house.allowances import MEASURES, differences, read_allowances
from tests.house.commits import HistoryMissing, commits_after
from tests.house.lists import forbidden_names, wire_fields
from tests.house.sources import CHECKOUT, SourceTree, parsed, read_tree

BASE = "86ccd82"
SUBJECT = 72


@pytest.fixture(scope="module")
def product() -> Iterator[SourceTree]:
    """The product's sources, read and parsed once."""
    with parsed(read_tree(CHECKOUT)) as tree:
        yield tree


@pytest.mark.parametrize("measure", MEASURES)
def test_the_tree_keeps_the_limits_but_for_what_is_allowed(measure: str, product: SourceTree) -> None:
    complaints = differences(MEASURES[measure](product), read_allowances()[measure])
    assert not complaints, "\n".join(complaints)


def test_the_file_of_allowances_has_every_measure_and_no_other() -> None:
    assert list(read_allowances()) == list(MEASURES)


def test_only_forbidden_names_are_listed_as_wire_fields() -> None:
    assert {entry.rpartition(".")[2] for entry in wire_fields()} <= forbidden_names()


def test_commit_subjects_are_short() -> None:
    try:
        commits = commits_after(CHECKOUT, BASE)
    except HistoryMissing as missing:
        pytest.skip(f"commit subjects not checked: {missing}")
    long = [f"{commit.hash} {commit.subject}" for commit in commits if len(commit.subject) > SUBJECT]
    assert not long, "\n".join(long)
