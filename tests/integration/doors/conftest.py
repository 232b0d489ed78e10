"""The HTTP doors of all three services in this process, over real databases, with one dossier inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from fastapi import FastAPI

from services.intake.config import IntakeSettings
from services.intake.main import create_service as create_intake
from services.notification.config import NotificationSettings
from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.main import create_service as create_notification
from services.notification.store.leases import SenderLease
from services.notification.usecases.dialect_cache import DialectCache
from services.routing.config import RoutingSettings
from services.routing.main import create_service as create_routing
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.actor import Actor
from shared.messaging.consume.broker import Broker
from shared.security.api_keys import generate_key
from tests import used_again
from tests.builders import intake
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, MARRIAGE
from tests.builders.notification import Office
from tests.builders.routing import catalogue, submitted_case
from tests.builders.routing_batches import accepted
from tests.builders.services import opened
from tests.databases import Database

NOWHERE = "127.0.0.1:9"
ACTORS = {
    "counter": COUNTER,
    "operator": Actor(kind="officer", role="operator", office="PASC"),
    "alpha": Actor(kind="investor", party="investor-alpha"),
    "wards": Actor(kind="party", party="wards"),
    "city-police": Actor(kind="party", party="city-police"),
}


@dataclass(frozen=True)
class Doors:
    """Each service's app, a client for it, keys by holder, and what is inside."""

    apps: dict[str, FastAPI]
    clients: dict[str, httpx.AsyncClient]
    keys: dict[str, str]
    code: str
    secret: str
    task: UUID

    def filled(self, text: str) -> str:
        """`{code}` and `{task}` replaced by what is inside."""
        return text.replace("{code}", self.code).replace("{task}", str(self.task))


@pytest.fixture(scope="module")
def time_limits() -> dict[str, float]:
    """Settings of the HTTP side besides the usual ones."""
    return {}


@pytest.fixture(scope="module")
async def doors(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, time_limits: dict[str, float]
) -> AsyncIterator[Doors]:
    """Friday 6 March 2026, nine o'clock; one dossier at a counter, another at an office."""
    database = await used_again.take(postgres_url)
    await database.set_clock(FRIDAY)
    minted = {name: generate_key(name, actor) for name, actor in ACTORS.items()}
    file = tmp_path_factory.mktemp("keys") / "credentials.json"
    file.write_bytes(orjson.dumps([credential.to_json() for _, credential in minted.values()]))
    apps = {
        "intake": await _intake(database, file, time_limits),
        "routing": await _routing(database, file, time_limits),
        "notification": await _notification(database, file, time_limits),
    }
    [case] = await accepted(await database.pool("routing"), [submitted_case("judicial-record-1")])
    task = next(task.id for task in case.tasks if task.party == "city-police")
    async with _clients(apps) as clients:
        slip = await _filed(clients["intake"])
        keys = {name: key for name, (key, _) in minted.items()}
        yield Doors(apps, clients, keys, slip["code"], slip["secret"], task)
    await used_again.give_back(database)


@asynccontextmanager
async def _clients(apps: dict[str, FastAPI]) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A crash is a 500, as a stranger would see it."""
    made = {
        name: httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=f"http://{name}"
        )
        for name, app in apps.items()
    }
    yield made
    for client in made.values():
        await client.aclose()


async def _filed(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/v1/dossiers", json=MARRIAGE, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _intake(database: Database, credentials: Path, limits: dict[str, float]) -> FastAPI:
    door = await intake.door(database.pool)
    settings = IntakeSettings(
        database_url="postgres://unused",  # pyright: ignore[reportArgumentType]  (read as a secret)
        keyring_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        master_key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",  # pyright: ignore[reportArgumentType]
        kafka=NOWHERE,
        credentials=credentials,
        intake_url="http://intake",
        **limits,  # pyright: ignore[reportArgumentType]  (names of settings)
    )
    return opened(create_intake(settings, door, Broker(NOWHERE, pool=door.pool, service="intake")))


async def _routing(database: Database, credentials: Path, limits: dict[str, float]) -> FastAPI:
    pool = await database.pool("routing")
    settings = RoutingSettings(
        database_url="postgres://unused",  # pyright: ignore[reportArgumentType]  (read as a secret)
        kafka=NOWHERE,
        credentials=credentials,
        **limits,  # pyright: ignore[reportArgumentType]
    )
    broker = Broker(NOWHERE, pool=pool, service="routing")
    return opened(create_routing(settings, pool, broker, CatalogueCache(catalogue())))


async def _notification(database: Database, credentials: Path, limits: dict[str, float]) -> FastAPI:
    office = Office(await database.pool("notification"), await database.pool("keyring"))
    await office.learn()
    url = database.url("notification")
    settings = NotificationSettings(
        database_url=url,  # pyright: ignore[reportArgumentType]  (read as a secret)
        keyring_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        master_key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",  # pyright: ignore[reportArgumentType]
        kafka=NOWHERE,
        credentials=credentials,
        **limits,  # pyright: ignore[reportArgumentType]
    )
    post = DeliveryWorker(
        office.pool,
        office.desk,
        [],
        lease=SenderLease(url),
        receipts=ReceiptIntake("standard"),
        dialects=DialectCache("standard"),
    )
    broker = Broker(NOWHERE, pool=office.pool, service="notification")
    return opened(create_notification(settings, office.pool, broker, office.desk, worker=post))
