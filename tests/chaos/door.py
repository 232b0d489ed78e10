"""A real intake process over a real PostgreSQL and Kafka, with the city's catalogue already published."""

import asyncio
import base64
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psutil

from deploy.local.launching import spawn
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.servers.topics import create_topics
from services.intake.usecases.catalogue_replica import CatalogueReplica
from shared.events import topics
from tests.builders import intake
from tests.builders.intake import MASTER
from tests.builders.wire import until
from tests.databases import ROOT, Database


@dataclass(frozen=True, slots=True)
class City:
    """Where one test's servers are."""

    database: Database
    kafka: str
    prefix: str


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """The process and its address."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def memory(self) -> int:
        """Its resident memory, in bytes."""
        return psutil.Process(self.process.pid).memory_info().rss


async def furnish(city: City) -> None:
    """Topics, and the catalogue as intake keeps it."""
    create_topics(
        city.kafka, [replace(topic, name=city.prefix + topic.name) for topic in topics.SERVICE_TOPICS]
    )
    pool = await city.database.pool("intake")
    await intake.publish(CatalogueReplica(pool), pool)


@asynccontextmanager
async def open_door(city: City, folder: Path, settings: Mapping[str, str]) -> AsyncIterator[OpenDoor]:
    """Intake as a process of its own, ready; `settings` are MOTCUA_* variables beside the usual ones."""
    port, log = free_port(), folder / "intake.log"
    env = {
        "MOTCUA_DATABASE_URL": city.database.url("intake"),
        "MOTCUA_KEYRING_URL": city.database.url("keyring"),
        "MOTCUA_MASTER_KEY": base64.b64encode(MASTER).decode(),
        "MOTCUA_KAFKA": city.kafka,
        "MOTCUA_TOPIC_PREFIX": city.prefix,
        "MOTCUA_HTTP_PORT": str(port),
        "MOTCUA_INTAKE_URL": f"http://{LOOPBACK}:{port}",
        **settings,
    }
    run = spawn.Run([sys.executable, "-m", "services.intake"], log, env, cwd=ROOT)
    process = spawn.start(run)
    try:
        await until(lambda: _ready(port), seconds=60)
        yield OpenDoor(process, port, log)
    finally:
        await asyncio.to_thread(spawn.stop, process, run.stop_signal, 15)


async def _ready(port: int) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(f"http://{LOOPBACK}:{port}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False
