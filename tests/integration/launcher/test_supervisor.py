"""The supervisor with small real processes."""

import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psutil
import pytest

from deploy.local.launching import supervisor as supervisor_module
from deploy.local.launching.processes import Process
from deploy.local.launching.spawn import Run
from deploy.local.launching.supervisor import STEADY_AFTER, Phase, StartFailedError, Supervisor

pytestmark = pytest.mark.integration


def test_starts_what_is_needed_first_and_stops_in_reverse(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    table = [
        _server(tmp_path, "base", diary),
        _server(tmp_path, "top", diary, needs=("base",)),
    ]
    supervisor = Supervisor(table)

    assert supervisor.start()
    supervisor.stop()

    assert diary.read_text().split() == ["base+", "top+", "top-", "base-"]


def test_a_step_has_to_end_well_before_what_needs_it(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    step = Process("step", _shell(tmp_path, "step", f"echo step >> {diary}"))
    supervisor = Supervisor([step, _server(tmp_path, "server", diary, needs=("step",))])

    assert supervisor.start()
    supervisor.stop()

    assert diary.read_text().split()[:2] == ["step", "server+"]


def test_what_crashes_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor([_server(tmp_path, "server", tmp_path / "diary")])
    assert supervisor.start()
    child = supervisor.children["server"]
    first = _pid(supervisor)

    psutil.Process(first).kill()
    _step_until(supervisor, lambda: child.restarts == 1 and child.phase is Phase.READY)

    assert _pid(supervisor) != first
    supervisor.stop()


def test_what_was_long_ready_is_started_again_at_once_however_often_it_was_killed(tmp_path: Path) -> None:
    supervisor = Supervisor([_server(tmp_path, "server", tmp_path / "diary")])
    assert supervisor.start()
    child = supervisor.children["server"]
    child.crashes, child.since = 7, child.since - STEADY_AFTER - 1

    psutil.Process(_pid(supervisor)).kill()
    _step_until(supervisor, lambda: child.restarts == 1)

    assert child.not_before - time.monotonic() < 1
    supervisor.stop()


def test_what_never_comes_up_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor([Process("broken", _shell(tmp_path, "broken", "exit 7"))])
    supervisor.children["broken"].crashes = 4

    with pytest.raises(StartFailedError, match="broken did not come up: ended with 7"):
        supervisor.start()


def test_what_does_not_end_when_asked_is_ended(tmp_path: Path) -> None:
    run = _shell(tmp_path, "deaf", f"trap '' TERM; touch {tmp_path}/deaf.up; while :; do sleep 0.1; done")
    supervisor = Supervisor([Process("deaf", run, ready=(tmp_path / "deaf.up").exists)], patience=0.3)
    assert supervisor.start()
    process = psutil.Process(_pid(supervisor))

    supervisor.stop()

    assert not process.is_running()


def test_what_says_that_it_lacks_something_is_waited_for_and_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "REPORTED_AFTER", 0.0)
    asked, told = count(), list[str]()
    closed = Process(
        "closed",
        _shell(tmp_path, "closed", "while :; do sleep 0.05; done"),
        ready=lambda: next(asked) >= 3,
        silent_seconds=0.0,
        lacks=lambda: "database: behind Kafka",
    )
    supervisor = Supervisor([closed], lambda: told.append(supervisor.children["closed"].lacks))

    assert supervisor.start()
    supervisor.stop()

    assert supervisor.children["closed"].restarts == 0
    assert told.count("database: behind Kafka") == 1


def test_what_makes_progress_in_its_log_is_waited_for(tmp_path: Path) -> None:
    up = tmp_path / "repaired"
    script = f"for n in 1 2 3 4 5 6 7 8 9; do echo partition $n; sleep 0.15; done; touch {up}; exec sleep 60"
    slow = Process(
        "slow", _shell(tmp_path, "slow", script), ready=up.exists, silent_seconds=0.6, limit_seconds=60
    )
    supervisor = Supervisor([slow])

    assert supervisor.start()
    supervisor.stop()

    assert supervisor.children["slow"].restarts == 0


def test_what_answers_on_its_port_is_waited_for(tmp_path: Path) -> None:
    asked = count()
    slow = Process(
        "slow",
        _shell(tmp_path, "slow", "exec sleep 60"),
        ready=lambda: next(asked) >= 20,
        answers=lambda: True,
        silent_seconds=0.0,
    )
    supervisor = Supervisor([slow])

    assert supervisor.start()
    supervisor.stop()

    assert supervisor.children["slow"].restarts == 0


@pytest.mark.parametrize(
    ("script", "silent_seconds", "limit_seconds", "reason"),
    [
        ("exec sleep 60", 0.2, 60, "not ready, and no progress for 0 s"),
        ("while :; do echo again; sleep 0.02; done", 60, 0.5, "not ready after 0 s"),
    ],
)
def test_what_shows_no_progress_or_never_gets_ready_is_ended(
    tmp_path: Path, script: str, silent_seconds: float, limit_seconds: float, reason: str
) -> None:
    stuck = Process(
        "stuck",
        _shell(tmp_path, "stuck", script),
        ready=lambda: False,
        silent_seconds=silent_seconds,
        limit_seconds=limit_seconds,
    )
    supervisor = Supervisor([stuck], patience=1)
    child = supervisor.children["stuck"]

    _step_until(supervisor, lambda: child.restarts == 1)
    supervisor.stop()

    assert child.reason == reason


def _server(folder: Path, name: str, diary: Path, needs: tuple[str, ...] = ()) -> Process:
    """Writes `name+` when it starts and `name-` when it is asked to end."""
    up = folder / f"{name}.up"
    script = (
        f"trap 'echo {name}- >> {diary}; exit 0' TERM; echo {name}+ >> {diary}; touch {up}; "
        "while :; do sleep 0.05; done"
    )
    return Process(name, _shell(folder, name, script), needs, ready=up.exists)


def _shell(folder: Path, name: str, script: str) -> Run:
    return Run(["/bin/sh", "-c", script], folder / f"{name}.log", stop_signal=signal.SIGTERM)


def _pid(supervisor: Supervisor) -> int:
    handle = next(iter(supervisor.children.values())).handle
    assert handle is not None
    return handle.pid


def _step_until(supervisor: Supervisor, done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        supervisor.step()
        time.sleep(0.02)
