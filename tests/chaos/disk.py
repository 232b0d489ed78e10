"""PostgreSQL whose tables lie on a small disk, and a way to fill it. Needs the right to mount one."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import asyncpg

from deploy.local.servers import postgres
from deploy.local.servers.postgres import Postgres
from tests.databases import Database

SIZE = "192m"
PIECE = bytes(2**20)
Fill = Callable[[], AbstractContextManager[None]]


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A mounted folder of this size; None where mounting is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-small-", dir="/var/tmp"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0777", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=False)
        folder.rmdir()


@contextmanager
def running(folder: Path) -> Iterator[tuple[Postgres, Path | None]]:
    """A server, and the small disk its databases may be put on."""
    with small_disk() as disk, postgres.running(folder) as server:
        yield server, disk


async def put_on(database: Database, disk: Path, user: int | None) -> Fill:
    """Move the city's tables to the small disk (nobody may be connected); how to fill it up."""
    place = disk / "tables"
    place.mkdir(mode=0o777)
    place.chmod(0o777)
    if user is not None:
        os.chown(place, user, -1)
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        await connection.execute(f"ALTER DATABASE {database.name}_city SET TABLESPACE small")
    finally:
        await connection.close()
    return lambda: _filled(disk)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Not a byte is left, for the length of the block."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as out:
        while True:
            out.write(PIECE)
    with suppress(OSError), (disk / "crumbs").open("wb", buffering=0) as out:
        while True:
            out.write(PIECE[:512])
    try:
        yield
    finally:
        ballast.unlink(missing_ok=True)
        (disk / "crumbs").unlink(missing_ok=True)
