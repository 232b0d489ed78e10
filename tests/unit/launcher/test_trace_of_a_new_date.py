"""`motcua trace` of a dossier that was promised anew."""

import pytest

from deploy.cli import trace

LETTER = {"office": "HPOL", "new_due_at": "2026-03-20T17:00:00+07:00", "passed": None}
END = {"told_at": "2026-03-20T17:00:02+07:00", "office_short": "Công an TP Hà Nội", "whose": "citizen"}


def test_a_new_date_that_passed_too_is_told_with_who_heard_and_whose_time_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    trace.explain({"apology": LETTER | {"passed": END}})
    said = " ".join(capsys.readouterr().out.split())
    assert "the new date has passed too: told at once to the head of Công an TP Hà Nội and the city" in said
    assert "(whose time it was then: citizen)" in said


def test_of_one_that_has_not_nothing_more_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    trace.explain({"apology": LETTER})
    assert "passed" not in capsys.readouterr().out
