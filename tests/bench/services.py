"""The real services as processes of a bench: `python -m services.<name>`, as the launcher starts them."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from deploy.local.home import CHECKOUT
from deploy.local.launching import spawn
from deploy.local.launching.processes import Health
from deploy.local.ports import free_port
from shared.events.catalogue import CatalogueItemPublished
from shared.service.catalogue_copy import save_arrivals
from tests.bench.rig import Rig
from tests.databases import Database

MASTER = bytes(range(32))
PATIENCE = 90.0
ALL_MAY_WAIT = {"MOTCUA_QUEUE_SECONDS": "60"}
"""On a busy machine a crowd waits longer than a door should let it: turning away is tested elsewhere."""


@asynccontextmanager
async def service(
    rig: Rig, name: str, database: Database, prefix: str, more: Mapping[str, str] | None = None
) -> AsyncIterator[int]:
    """One service, ready; its port. Its processor time counts under its name."""
    port = free_port()
    env = {
        "MOTCUA_DATABASE_URL": database.url(name),
        "MOTCUA_KEYRING_URL": database.url("keyring"),
        "MOTCUA_MASTER_KEY": b64encode(MASTER).decode(),
        "MOTCUA_KAFKA": rig.bootstrap,
        "MOTCUA_TOPIC_PREFIX": prefix,
        "MOTCUA_HTTP_PORT": str(port),
        "MOTCUA_LOG": "json",
        **ALL_MAY_WAIT,
    }
    log = rig.folder / "logs" / f"{name}.log"
    argv = [sys.executable, "-m", f"services.{name}"]
    child = spawn.start(spawn.Run(argv, log, env | dict(more or {}), cwd=CHECKOUT))
    try:
        with rig.watching(name, child.pid):
            await _ready(name, port, log, child)
            yield port
    finally:
        await asyncio.to_thread(spawn.stop, child, signal.SIGTERM, 15)


async def _ready(name: str, port: int, log: Path, child: subprocess.Popen[bytes]) -> None:
    probe, until = Health(f"http://127.0.0.1:{port}/health/ready").is_ready, time.monotonic() + PATIENCE
    while not await asyncio.to_thread(probe):
        if time.monotonic() > until or child.poll() is not None:
            raise RuntimeError(f"{name} is not ready: {log}")
        await asyncio.sleep(0.05)


async def give_catalogue(database: Database, items: Mapping[str, Mapping[str, object]]) -> None:
    """Intake's copy of the catalogue, as if routing had published it."""
    pool = await database.pool("intake", max_size=1)
    published = [
        CatalogueItemPublished(item=item, digest="bench", content=dict(content))
        for item, content in items.items()
    ]
    async with pool.acquire() as connection, connection.transaction():
        await save_arrivals(connection, published)  # pyright: ignore[reportArgumentType]  (a proxied connection)


async def drained(url: str, table: str = "outbox", *, seconds: float = 90) -> None:
    """Wait until an outbox is empty: everything in it is on Kafka."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(seconds):
            while await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: ASYNC110, S608
                await asyncio.sleep(0.01)  # looking is the only way to learn a fact of another process
    finally:
        await connection.close()
