"""`motcua trace` of a dossier whose steps ended apart."""

import pytest

from deploy.cli import trace

CASE = {
    "outcome": "denied",
    "tasks": [{"step": "death", "outcome": "done"}, {"step": "survivor", "outcome": "denied"}],
}


def test_each_step_is_told_with_its_word_where_they_differ(capsys: pytest.CaptureFixture[str]) -> None:
    trace.explain(CASE)
    assert "outcome denied: death done, survivor denied" in capsys.readouterr().out


def test_of_steps_that_ended_alike_nothing_more_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    trace.explain(CASE | {"tasks": CASE["tasks"][:1]})
    assert capsys.readouterr().out == ""
