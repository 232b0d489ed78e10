"""A process whose event loop is blocked ends itself, says where it was, and is started again."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.cli import status
from deploy.local.launching import supervisor as supervisor_module
from deploy.local.launching.processes import Process
from deploy.local.launching.spawn import Run
from deploy.local.launching.supervisor import Child, Phase, Supervisor
from shared.service.loop_watchdog import BLOCKED_EXIT
from tests.databases import ROOT

pytestmark = pytest.mark.integration
SECONDS = 0.5


@contextmanager
def _process(name: str) -> Iterator[subprocess.Popen[str]]:
    """The process once its loop was well."""
    argv = [sys.executable, "-m", "tests.integration.launcher.blocked", name, str(SECONDS)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "well\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", ["busy_in_python", "waiting_in_a_call"])
def test_a_blocked_loop_ends_its_process_and_names_the_stack(name: str) -> None:
    with _process(name) as process:
        _, errors = process.communicate(timeout=30)

    assert process.returncode == BLOCKED_EXIT
    [line] = [json.loads(text) for text in errors.splitlines() if "loop.blocked" in text]
    assert line["level"] == "critical"
    assert f"in {name}" in line["stack"]


def test_a_call_that_lets_no_thread_run_ends_it_too() -> None:
    with _process("busy_in_c") as process:
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "busy_in_c" in errors


def test_a_process_that_was_frozen_as_a_whole_goes_on() -> None:
    with _process("nothing") as process:
        process.send_signal(signal.SIGSTOP)
        time.sleep(SECONDS * 1.5)
        process.send_signal(signal.SIGCONT)
        time.sleep(SECONDS * 2)

        assert process.poll() is None


def test_the_launcher_starts_it_again(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.integration.launcher.blocked", "waiting_in_a_call", str(SECONDS)]
    run = Run(argv, tmp_path / "log", cwd=ROOT)
    supervisor = Supervisor([Process("blocked", run, ready=lambda: True)])
    assert supervisor.start()
    child = supervisor.children["blocked"]

    until = time.monotonic() + 30
    while not (child.restarts and child.phase is Phase.READY) and time.monotonic() < until:
        supervisor.step()
        time.sleep(0.05)
    supervisor.stop()

    assert child.restarts == 1
    assert child.reason in {"", f"ended with {BLOCKED_EXIT}"}


def test_one_that_does_not_answer_is_shown_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "ASK_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(supervisor_module, "SILENT_AFTER_SECONDS", 0.2)
    answers = True
    run = Run(["sleep", "60"], tmp_path / "log")
    supervisor = Supervisor([Process("mute", run, ready=lambda: True, alive=lambda: answers)])
    assert supervisor.start()
    child = supervisor.children["mute"]
    supervisor.step()
    assert child.facts()["answers"]

    answers = False
    time.sleep(0.25)
    supervisor.step()
    assert not child.facts()["answers"]
    assert child.phase is Phase.READY

    answers = True
    supervisor.step()
    assert child.facts()["answers"]
    supervisor.stop()


@pytest.mark.parametrize(("answers", "state"), [(True, "ready"), (False, "not answering")])
def test_status_shows_one_that_does_not_answer(answers: bool, state: str) -> None:
    run = Run(["sleep", "60"], Path("log"))
    child = Child(Process("mute", run), phase=Phase.READY, is_answering=answers)
    assert state in status.state_row(child.facts() | {"pss": 0})
