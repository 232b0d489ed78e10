"""The count after an outage sees what was lost, doubled, or answered as it may not be."""

from dataclasses import replace

import pytest

from tests.chaos.away import Facts

WELL = Facts(
    slips=["a", "b"],
    dossiers=["b", "a"],
    cases=["a", "b"],
    texts=["1", "2"],
    unsettled=0,
    held=0,
    wrong_answers=0,
)


def test_nothing_is_said_when_all_is_well() -> None:
    assert WELL.complaints() == []


@pytest.mark.parametrize(
    ("seen", "complaint"),
    [
        (replace(WELL, dossiers=["a"]), "1 accepted and lost"),
        (replace(WELL, slips=["a", "a"]), "1 accepted twice"),
        (replace(WELL, cases=["b"]), "1 not with routing"),
        (replace(WELL, texts=["1", "1"]), "1 texts twice"),
        (replace(WELL, unsettled=2), "2 messages neither sent nor in doubt"),
        (replace(WELL, held=1), "1 records held"),
        (replace(WELL, wrong_answers=3), "3 answers other than taken or busy"),
    ],
)
def test_each_broken_promise_is_said(seen: Facts, complaint: str) -> None:
    assert complaint in seen.complaints()
