"""The launcher as a person meets it: only PostgreSQL of the stack, so that it is quick."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import asyncpg
import psutil
import pytest

from deploy.local.home import CHECKOUT, Home
from deploy.local.launching import control
from deploy.local.launching.leftovers import tagged
from deploy.local.launching.lock import AlreadyRunningError

pytestmark = pytest.mark.integration
OTHERS = "provision,oidc,sinks,routing,intake,notification"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A state folder of our own; whatever happens, nothing of it stays."""
    place = Home(tmp_path / "state")
    yield place
    _motcua(place, "reset", "--yes")


async def test_a_killed_launcher_leaves_nothing_and_the_next_finds_the_data(home: Home) -> None:
    started = _motcua(home, "up", "--detach", "--json")
    stack = json.loads(started.stdout)
    await _write(stack["postgres"]["url"])

    os.kill(_launcher(home), signal.SIGKILL)
    _wait_gone(home)
    assert _motcua(home, "status").returncode == 3

    again = json.loads(_motcua(home, "up", "--detach", "--json").stdout)
    assert again == stack
    assert await _read(again["postgres"]["url"]) == "kept"
    assert _motcua(home, "down").returncode == 0
    assert list(tagged(home)) == []


def test_two_first_starts_at_once_bring_one_stack(home: Home) -> None:
    starts = [
        subprocess.Popen(
            _command("up", "--detach", "--json"),
            env=_env(home),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    outputs = [start.communicate(timeout=120) for start in starts]

    assert [start.returncode for start in starts] == [0, 0, 0], outputs
    assert {output for output, _ in outputs} == {json.dumps(json.loads(home.stack_file.read_text())) + "\n"}
    assert (
        len([process for process in tagged(home) if "deploy.local.launching.launcher" in _argv(process)]) == 1
    )


def test_a_start_that_was_second_leaves_the_first_stack_alone(home: Home) -> None:
    _motcua(home, "up", "--detach")
    first = _launcher(home)

    with (
        patch.dict(os.environ, _env(home)),
        pytest.raises(AlreadyRunningError, match="motcua status shows it"),
        control.running_stack(home, None, lambda _: None),
    ):
        raise RuntimeError("it must not be reached")

    assert psutil.pid_exists(first)
    assert _motcua(home, "status").returncode == 0
    demo = _motcua(home, "demo", "--once")
    assert (demo.returncode, home.stack_file.exists()) == (1, True)
    assert "running or starting here already" in demo.stderr


def test_ctrl_c_ends_it_whole(home: Home) -> None:
    up = subprocess.Popen(_command("up", "--json"), env=_env(home), cwd="/", stdout=subprocess.PIPE)
    assert up.stdout is not None
    stack = json.loads(up.stdout.readline())

    assert (home.stack_file.stat().st_mode & 0o777) == 0o600
    assert json.loads(home.stack_file.read_text()) == stack
    up.send_signal(signal.SIGINT)

    assert up.wait(60) == 130
    assert list(tagged(home)) == []
    assert not home.stack_file.exists()


def test_a_killed_up_takes_its_launcher_along(home: Home) -> None:
    up = subprocess.Popen(_command("up", "--json"), env=_env(home), cwd="/", stdout=subprocess.PIPE)
    assert up.stdout is not None
    up.stdout.readline()

    up.kill()
    up.wait()

    _wait_gone(home)


def test_status_counts_the_memory_of_what_runs(home: Home) -> None:
    _motcua(home, "up", "--detach")

    facts = json.loads(_motcua(home, "status", "--json").stdout)

    assert facts["running"]
    assert {row["name"]: row["phase"] for row in facts["processes"]} == {"postgres": "ready"}
    [postgres] = facts["processes"]
    postmaster = psutil.Process(postgres["pid"]).memory_full_info().pss
    assert facts["pss"] >= postgres["pss"] > postmaster, "its backends count too"
    assert _motcua(home, "up", "--at", "2026-03-06T09:00:00").returncode == 2


def _motcua(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments), env=_env(home), cwd="/", capture_output=True, text=True, check=False
    )


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "deploy.cli", *arguments]


def _env(home: Home) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(CHECKOUT),
        "MOTCUA_HOME": str(home.folder),
        "MOTCUA_WITHOUT": OTHERS,
        "MOTCUA_KAFKA": "127.0.0.1:9",
    }


def _argv(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _launcher(home: Home) -> int:
    return int(json.loads(home.progress_file.read_text())["pid"])


def _wait_gone(home: Home) -> None:
    """PostgreSQL was told by the kernel; give it the moment it needs to write its last page."""
    until = time.monotonic() + 60
    while left := list(tagged(home)):
        assert time.monotonic() < until, left
        psutil.wait_procs(left, timeout=0.1)


async def _write(url: str) -> None:
    connection = await asyncpg.connect(url.rpartition("/")[0] + "/postgres")
    await connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")
    await connection.close()


async def _read(url: str) -> str:
    connection = await asyncpg.connect(url.rpartition("/")[0] + "/postgres")
    found = await connection.fetchval("SELECT text FROM note")
    await connection.close()
    return str(found)
