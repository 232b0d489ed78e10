"""`motcua status` says what to do next, and `motcua trace` how the dossier stands, both under headings."""

import json
import sys
from typing import Any

import pytest

from deploy.cli import app, exits, status, trace
from deploy.local.home import home, write_private

ANSWERS = {
    "intake": {
        "state": "in_process",
        "submitted_at": "2026-03-06T09:00:00+07:00",
        "accepted_at": "2026-03-06T09:10:00+07:00",
        "promised_due_at": "2026-03-16T17:00:00+07:00",
        "procedure": "marriage",
        "channel": "online",
    },
    "routing": {"state": "in_process", "current_due_at": "2026-03-16T17:00:00+07:00"},
}


def test_a_trace_begins_with_its_state_and_has_headings(capsys: pytest.CaptureFixture[str]) -> None:
    trace.show("H26.1-260306-0001", ANSWERS)

    assert capsys.readouterr().out.splitlines() == [
        "H26.1-260306-0001: in_process, answer due 2026-03-16 17:00",
        "What happened, in the city's time:",
        "when\tservice\twhat\twho\tmore",
        "2026-03-06 09:00\tintake\thanded in\t\tprocedure marriage, channel online",
        "2026-03-06 09:10\tintake\taccepted\t\tpromised_due_at 2026-03-16 17:00",
    ]


def test_a_trace_of_a_dossier_that_only_intake_knows(capsys: pytest.CaptureFixture[str]) -> None:
    trace.show("H26.1-260306-0001", {"intake": {"state": "submitted"}})

    assert capsys.readouterr().out.splitlines()[0] == "H26.1-260306-0001: submitted"


def test_a_stack_that_is_ready_says_what_one_may_try() -> None:
    steps = status.next_steps(_facts(clock_stands=True))

    assert "start here" in steps[0]
    for command in ("motcua file ", "motcua trace ", "motcua clock step", "motcua down"):
        assert any(command in step for step in steps), command
    assert not any("clock" in step for step in status.next_steps(_facts()))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            {"lacks": "catalogue: nothing is published"},
            "intake waits (catalogue: nothing is published); more: ",
        ),
        (
            {"lacks": "database: is behind Kafka: see motcua reconcile --dry-run"},
            "motcua reconcile --dry-run",
        ),
        ({"phase": "waiting", "why": "ended with 1"}, "(ended with 1); why: ./motcua logs intake"),
    ],
)
def test_what_is_wrong_comes_first_with_the_command_that_says_more(row: dict[str, str], says: str) -> None:
    [step, *_] = status.next_steps(_facts(row))

    assert says in step


def test_a_stack_that_starts_says_how_to_wait() -> None:
    assert (
        "./motcua up --detach waits"
        in status.next_steps(
            _facts({"phase": "starting"}),
        )[-1]
    )


def test_the_last_start_that_failed_is_told(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path))
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    write_private(home().progress_file, {"phase": "failed", "detail": "kafka did not come up"})

    monkeypatch.setattr(sys, "argv", ["motcua", "status"])
    assert app.main() == exits.NOT_RUNNING
    assert "The last start failed: kafka did not come up" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["motcua", "status", "--json"])
    assert app.main() == exits.NOT_RUNNING
    assert json.loads(capsys.readouterr().out) == {
        "running": False,
        "last_failure": "kafka did not come up",
    }


def _facts(row: dict[str, str] | None = None, *, clock_stands: bool = False) -> dict[str, Any]:
    process = {"name": "intake", "phase": "ready", "lacks": "", "why": ""} | (row or {})
    phase = "ready" if process["phase"] in ("ready", "waiting") else process["phase"]
    return {"phase": phase, "processes": [process], "clock_stands": clock_stands}
