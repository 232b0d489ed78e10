"""A real PostgreSQL or Kafka for one whole test run, shared by all its workers.

`python -m tests.servers postgres|kafka FOLDER PID` keeps one up until the process PID is gone, and writes
its address to FOLDER/address when it can be used.
"""

import fcntl
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.servers import kafka, postgres

PATIENCE = 160.0


def main(kind: str, folder: Path, watched: int) -> None:
    """Start it, say where, and wait for the test run to end."""
    end = os.pidfd_open(watched)
    if kind == "postgres":
        with postgres.running(folder) as database:
            _serve(folder, database.url, end)
    else:
        with kafka.running(folder) as broker:
            _serve(folder, broker.bootstrap, end)


def address(kind: str, folder: Path, run: int) -> str:
    """Where this run's server is; whoever comes first starts it."""
    with alone(folder / f"{kind}.lock"):
        place = folder / kind
        place.mkdir(exist_ok=True)
        if not (place / "address").exists():
            _start(kind, place, run)
        return (place / "address").read_text()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One worker at a time."""
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _serve(folder: Path, address: str, end: int) -> None:
    half = folder / "address.part"
    half.write_text(address)
    half.rename(folder / "address")
    select.select([end], [], [])


def _start(kind: str, place: Path, run: int) -> None:
    log = place / "holder.log"
    with log.open("ab") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.servers", kind, str(place), str(run)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    until = time.monotonic() + PATIENCE
    while not (place / "address").exists():
        if child.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{kind} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
