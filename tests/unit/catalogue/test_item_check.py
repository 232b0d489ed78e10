"""An item that comes by itself is read by itself, before it takes the place of the one in force."""

from copy import deepcopy

import pytest

from shared.catalogue.decoding.item_check import item_fault
from tests.builders.catalogue import items


@pytest.mark.parametrize("item", sorted(items()))
def test_every_published_item_can_be_read_by_itself(item: str) -> None:
    assert item_fault(item, items()[item]) is None


@pytest.mark.parametrize("item", sorted(items()))
def test_an_item_without_content_is_told_and_never_raises(item: str) -> None:
    assert item_fault(item, {})


def test_the_missing_field_is_named() -> None:
    content = deepcopy(items()["calendar"])
    del content["covers"]
    assert item_fault("calendar", content) == "covers is missing"


def test_an_item_of_a_kind_nobody_knows_is_no_fault() -> None:
    assert item_fault("vocabulary:weather", {}) is None
