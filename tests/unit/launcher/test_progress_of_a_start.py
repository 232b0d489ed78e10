"""What `motcua up` shows while the stack starts: a line that is rewritten, or in a pipe only changes."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from deploy.cli import screen
from deploy.cli.rising import StartProgress

NAMES = ("postgres", "kafka", "oidc", "sinks", "provision", "routing", "intake", "notification")


def _row(name: str, phase: str, why: str = "", lacks: str = "") -> dict[str, str]:
    return {"name": name, "phase": phase, "why": why, "lacks": lacks}


def _starting(ready: int, starting: int) -> dict[str, Any]:
    phases = ["ready"] * ready + ["starting"] * starting
    phases += ["waiting"] * (len(NAMES) - len(phases))
    rows = [_row(name, phase) for name, phase in zip(NAMES, phases, strict=True)]
    return {"phase": "starting", "processes": rows}


FIRST_START: list[dict[str, Any]] = [
    {"phase": "preparing", "detail": ""},
    {"phase": "preparing", "detail": "PostgreSQL: data folder"},
    *({"phase": "preparing", "detail": f"Kafka: {jars} of 46 jars"} for jars in range(1, 47)),
    _starting(0, 1),
    _starting(0, 2),
    _starting(0, 3),
    _starting(1, 3),
    _starting(0, 3),
    _starting(1, 3),
    _starting(2, 3),
    _starting(8, 0),
    {"phase": "ready"},
]


def test_in_a_pipe_only_changes_are_printed_and_none_twice(capsys: pytest.CaptureFixture[str]) -> None:
    rising = StartProgress(lambda: 0.0)
    for progress in FIRST_START:
        rising.report(progress)

    assert [line[9:] for line in capsys.readouterr().err.splitlines()] == [
        "preparing",
        "preparing: PostgreSQL: data folder",
        "preparing: Kafka: 1 of 46 jars",
        "preparing: Kafka: 46 of 46 jars",
        "0 of 8 ready; starting postgres",
        "1 of 8 ready; starting kafka, oidc, sinks",
        "2 of 8 ready; starting oidc, sinks, provision",
        "8 of 8 ready",
        "ready",
    ]


def test_on_a_terminal_one_line_is_rewritten_and_the_next_output_is_below(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = StringIO()
    monkeypatch.setattr(screen, "err", Console(file=shown, force_terminal=True, width=60))
    rising = StartProgress(lambda: 0.0)
    for progress in FIRST_START:
        rising.report(progress)
    assert "\n" not in shown.getvalue()
    screen.say("It is open.")

    assert shown.getvalue().endswith("\r\x1b[2K  0.0 s  ready\n")
    assert max(len(line) for line in shown.getvalue().split("\r\x1b[2K")) < 60, "a line that wraps stays"
    assert capsys.readouterr().out == "It is open.\n"
