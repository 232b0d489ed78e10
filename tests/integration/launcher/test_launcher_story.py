"""The launcher as a person meets it: only PostgreSQL of the stack, so that it is quick."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.home import CHECKOUT, Home
from deploy.local.launching.leftovers import tagged

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
