"""A door open over HTTP, without the topics: what a browser or a machine meets."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.intake.config import IntakeSettings
from services.intake.main import create_service
from services.intake.usecases.context import IntakeContext
from shared.actor import Actor
from shared.messaging.consume.broker import Broker
from shared.security.api_keys import COUNTERS, generate_key
from tests.builders import intake
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, PoolFor
from tests.builders.services import opened
from tests.databases import Database


@pytest.fixture
async def door(database: Database, pool_for: PoolFor) -> IntakeContext:
    """A door with the city's catalogue, on Friday 6 March 2026 at nine."""
    await database.set_clock(FRIDAY)
    return await intake.door(pool_for)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A credentials file, and the keys it holds."""
    actors = {
        "counter": COUNTER,
        "operator": Actor(kind="officer", role="operator", office="PASC"),
        "alpha": Actor(kind="investor", party="investor-alpha"),
        "pasc": Actor(kind="party", party="pasc"),
    }
    minted = {name: generate_key(name, actor) for name, actor in actors.items()}
    machine = Actor(kind="officer", id="may-quay", role="counter")
    minted["machine"] = generate_key("machine", machine, COUNTERS)
    file = tmp_path / "credentials.json"
    file.write_bytes(orjson.dumps([credential.to_json() for _, credential in minted.values()]))
    return file, {name: key for name, (key, _) in minted.items()}


@pytest.fixture
def app(door: IntakeContext, keys: tuple[Path, dict[str, str]]) -> FastAPI:
    """The app as the service serves it."""
    settings = IntakeSettings(
        database_url="postgres://unused",  # pyright: ignore[reportArgumentType]  (read as a secret)
        keyring_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        master_key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",  # pyright: ignore[reportArgumentType]
        kafka="127.0.0.1:9",
        credentials=keys[0],
        intake_url="http://door",
    )
    return opened(create_service(settings, door, Broker("127.0.0.1:9", pool=door.pool, service="intake")))


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger's browser or machine."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        yield client


@pytest.fixture
def key(keys: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """The keys by holder."""
    return keys[1]
