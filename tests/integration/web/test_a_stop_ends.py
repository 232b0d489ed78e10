"""Asked to stop, a service ends: gracefully where it can, and in any case soon."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
SERVICE = """
import asyncio
from contextlib import asynccontextmanager
from fastapi import FastAPI
from shared.web import serve

@asynccontextmanager
async def up(_):
    print("up", flush=True)
    yield

async def main():
    serve.LONGEST_STOP_SECONDS = 0.5
    await serve.serve(FastAPI(lifespan=up), "127.0.0.1", 0)
    {after}

asyncio.run(main())
"""


def stopped(tmp_path: Path, after: str) -> int:
    """The exit code of a service that was told to stop, and does this once it answers no more."""
    script, here = tmp_path / "service.py", str(Path.cwd())
    script.write_text(SERVICE.format(after=after))
    child = subprocess.Popen(
        [sys.executable, str(script)], env={"PYTHONPATH": here}, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"
    child.send_signal(signal.SIGTERM)
    return child.wait(30)


def test_a_link_that_never_answers_does_not_keep_a_stopped_service_alive(tmp_path: Path) -> None:
    assert stopped(tmp_path, "await asyncio.Event().wait()") == 1


def test_a_service_that_can_end_by_itself_does(tmp_path: Path) -> None:
    assert stopped(tmp_path, "pass") == 0
