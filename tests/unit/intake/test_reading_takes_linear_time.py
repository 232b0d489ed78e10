"""A submission with many unreadable parts is read in time that grows with its size, not with its square."""

import time
from typing import Any

import pytest

from services.intake.domain.dossier.submission import Submission
from services.intake.domain.submission.precheck import precheck
from services.intake.inbound.api.body import parse_submission
from services.intake.words import field_error
from tests.builders.intake import FRIDAY
from tests.builders.routing import catalogue

FEW, MANY = 1_000, 8_000
LINEAR = 24
"""Eight times the size may take three times as much as eight times the time; its square takes 64 times."""


def _lists(count: int) -> dict[str, Any]:
    return {"papers": [[]] * count}


def _unknown(count: int) -> dict[str, Any]:
    return {f"k{n}": n for n in range(count)}


@pytest.mark.parametrize("make", [_lists, _unknown])
def test_a_body_of_unreadable_parts(make: Any) -> None:
    few, many = (_cpu_seconds(lambda n=n: parse_submission(make(n))) for n in (FEW, MANY))
    assert many < LINEAR * few


def test_errors_inside_unreadable_parts() -> None:
    def check(count: int) -> None:
        errors = tuple(field_error(f"facts.k{n}", "wrong_type") for n in range(count))
        precheck(Submission(), catalogue(), FRIDAY.date(), errors)

    few, many = (_cpu_seconds(lambda n=n: check(n)) for n in (FEW, MANY))
    assert many < LINEAR * few


def _cpu_seconds(act: Any) -> float:
    """The least of three tries."""
    tries: list[float] = []
    for _ in range(3):
        began = time.process_time()
        act()
        tries.append(time.process_time() - began)
    return min(tries)
