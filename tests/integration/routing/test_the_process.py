"""`python -m services.routing`: ready by progress, gone at SIGTERM without a word lost."""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import replace

import httpx
import pytest

from deploy.local.servers.topics import create_topics
from shared.events import topics
from tests.builders.routing import FRIDAY
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration


async def test_it_starts_and_stops_gracefully(database: Database, kafka: str, topic_prefix: str) -> None:
    await database.set_clock(FRIDAY)
    wanted = (
        topics.DOSSIER_EVENTS,
        topics.CASE_UPDATES,
        topics.CATALOGUE_VERSIONS,
        topics.replies_topic("tax"),
    )
    create_topics(kafka, [replace(topic, name=topic_prefix + topic.name) for topic in wanted])
    port = free_port()
    told = {
        "MOTCUA_DATABASE_URL": database.url("routing"),
        "MOTCUA_KAFKA": kafka,
        "MOTCUA_TOPIC_PREFIX": topic_prefix,
        "MOTCUA_HTTP_PORT": str(port),
        "MOTCUA_LOG": "json",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.routing", env={**os.environ, **told}
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

            async def ready() -> bool:
                try:
                    return (await http.get("/health/ready")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(ready, seconds=90)
            assert (await http.get("/v1/city-time")).json()["standing"] is True
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    finally:
        if process.returncode is None:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
