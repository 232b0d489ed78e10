"""A case that changes is copied whole: it is what `dataclasses.replace` makes, and the one before stays."""

import dataclasses

import pytest

from services.routing.domain.case.replacing import replace
from shared.states import State
from tests.builders.routing import under_way


def test_a_changed_case_is_what_the_standard_library_makes_of_it() -> None:
    case = under_way()
    changed = replace(case, state=State.STOPPED, tasks=case.tasks[:1])
    assert changed == dataclasses.replace(case, state=State.STOPPED, tasks=case.tasks[:1])


def test_the_case_before_stays_as_it_was() -> None:
    before = under_way()
    same = dataclasses.replace(before)
    replace(before, tasks=())
    assert before == same


def test_a_change_of_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Case has no"):
        replace(under_way(), stat=State.STOPPED)


def test_a_value_with_slots_is_made_anew() -> None:
    standing = under_way().position
    stopped = dataclasses.replace(standing, state=State.STOPPED)
    assert replace(standing, state=State.STOPPED) == stopped
