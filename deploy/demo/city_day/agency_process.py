"""The simulated agencies as a child process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.home import CHECKOUT, TAG_VARIABLE, Home
from deploy.local.launching import spawn
from deploy.local.parties import read_parties
from deploy.local.ports import free_port
from deploy.local.stack import Stack

START_SECONDS = 60


class AgenciesFailedError(RuntimeError):
    """The simulated agencies did not start."""


@contextmanager
def agencies(stack: Stack, home: Home, seed: int) -> Iterator[str]:
    """Run the agencies with this seed; gives their URL. Must be called from the main thread.

    Raises AgenciesFailedError if they do not start.
    """
    port, log = free_port(), home.log_of("agencies")
    argv = ["--kafka", stack.kafka, "--routing", stack.routing_url, "--seed", str(seed), "--port", str(port)]
    for party in read_parties():
        if party.topics:
            argv += ["--party", party.name]
    run = spawn.Run(
        [sys.executable, "-m", "deploy.demo.agencies", *argv],
        log,
        env={TAG_VARIABLE: home.tag, "PYTHONUNBUFFERED": "1"},
        cwd=CHECKOUT,
    )
    log_start = log.stat().st_size if log.exists() else 0
    child = spawn.start(run)
    try:
        _wait_until_ready(child, run, log_start)
        yield f"http://127.0.0.1:{port}"
    finally:
        spawn.stop(child, run.stop_signal, 5)


def _wait_until_ready(child: subprocess.Popen[bytes], run: spawn.Run, log_start: int) -> None:
    """Wait for the line that the agencies print once they have read their topics."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        output = run.log.read_bytes()[log_start:].decode(errors="replace")
        if any('"parties"' in line and json.loads(line) for line in output.splitlines()):
            return
        if child.poll() is not None:
            break
        time.sleep(0.05)
    raise AgenciesFailedError(f"see {run.log.name} among the logs")
