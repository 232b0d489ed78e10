"""Routing as it runs: real Kafka and PostgreSQL, facts by intake's outbox, parties by foreign clients."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from deploy.local.servers.topics import create_topics
from services.routing import main
from services.routing.config import RoutingSettings
from services.routing.domain.case.case import Case
from services.routing.main import running
from services.routing.store import cases
from shared.actor import Actor
from shared.db.transaction import transaction
from shared.events import topics
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.messaging.publish.relay import Relay
from shared.security.api_keys import generate_key
from shared.web.auth.sessions import Officer, open_session
from tests.builders.catalogue import items
from tests.builders.routing import FRIDAY, OPERATOR
from tests.builders.routing_agency import ForeignAgency
from tests.builders.wire import until
from tests.databases import Database

PARTIES = ("city-police", "civil-status", "ward-pilot", "land-registry")


@dataclass
class World:
    """The service, its neighbours, and keys for those who act by HTTP."""

    database: Database
    kafka: str
    prefix: str
    intake: asyncpg.Pool
    routing: asyncpg.Pool
    http: httpx.AsyncClient
    keys: dict[str, str]
    settings: RoutingSettings
    agencies: list[ForeignAgency] = field(default_factory=list)

    async def intake_says(self, events: Sequence[NewEvent]) -> None:
        """Commit facts at intake; its relay sends them."""
        async with transaction(self.intake) as tx:
            await outbox.append_events(tx, events)

    def agency(self, party: str) -> ForeignAgency:
        """A party's own system."""
        made = ForeignAgency(self.kafka, party, self.prefix)
        self.agencies.append(made)
        return made

    async def case(self, known: Case) -> Case | None:
        """The case as the tables have it."""
        async with transaction(self.routing) as tx:
            return (await cases.read_cases(tx, [known.root])).get(known.root)

    async def until_state(self, known: Case, state: str) -> Case:
        """Wait until the case is in this state."""

        async def has_state() -> bool:
            case = await self.case(known)
            return case is not None and case.state.value == state

        await until(has_state)
        found = await self.case(known)
        assert found is not None
        return found

    async def post(self, who: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """An act by HTTP, with the key of this actor."""
        return await self.http.post(path, json=body, headers={"x-api-key": self.keys[who]})

    async def get(self, who: str, path: str) -> httpx.Response:
        """A question by HTTP."""
        return await self.http.get(path, headers={"x-api-key": self.keys[who]})

    async def browser_of(self, officer: Officer) -> httpx.AsyncClient:
        """The browser of somebody who is logged in; to be closed."""
        return httpx.AsyncClient(
            transport=self.http._transport,
            base_url="http://routing",
            headers={"accept": "text/html"},
            cookies={"motcua_routing": await open_session(self.routing, officer)},
        )


ACTORS = {
    "operator": OPERATOR,
    "counter": Actor(kind="officer", id="canbo.quay", role="counter", office="PASC-SP.00004"),
    "wards": Actor(kind="party", party="wards"),
    "ward-pilot": Actor(kind="party", party="ward-pilot"),
    "city-police": Actor(kind="party", party="city-police"),
    "registrar": Actor(kind="officer", id="lan", role="specialist", office="LRO.002"),
    "second-registrar": Actor(kind="officer", id="minh", role="specialist", office="LRO.002"),
}


@pytest.fixture
async def world(database: Database, kafka: str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[World]:
    """Everything up, the city's clock standing on a Friday morning."""
    async with standing(database, kafka, topic_prefix, tmp_path) as made:
        yield made


@asynccontextmanager
async def standing(database: Database, kafka: str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[World]:
    """The same for whoever needs one that several tests look at."""
    await database.set_clock(FRIDAY)
    own = (topics.DOSSIER_EVENTS, topics.CASE_UPDATES, topics.CATALOGUE_VERSIONS)
    wanted = [*own, *(topic for party in PARTIES for topic in topics.party_topics(party))]
    create_topics(kafka, [replace(topic, name=topic_prefix + topic.name) for topic in wanted])
    minted = {name: generate_key(name, actor) for name, actor in ACTORS.items()}
    credentials = tmp_path / "credentials.json"
    credentials.write_bytes(orjson.dumps([kept.to_json() for _, kept in minted.values()]))
    settings = RoutingSettings(
        database_url=database.url("routing"),  # pyright: ignore[reportArgumentType]
        kafka=kafka,
        topic_prefix=topic_prefix,
        credentials=credentials,
    )
    intake = await database.pool("intake")
    sending = asyncio.create_task(
        Relay(intake, kafka, url=database.url("intake"), source="intake", topic_prefix=topic_prefix).run()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "load_folder", lambda _: items())  # the same files, read once a run
        async with running(settings) as app:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://routing") as http:
                keys = {name: key for name, (key, _) in minted.items()}
                made = World(
                    database,
                    kafka,
                    topic_prefix,
                    intake,
                    await database.pool("routing"),
                    http,
                    keys,
                    settings,
                )
                await until(lambda: _ready(http))
                yield made
                for agency in made.agencies:
                    agency.close()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health/ready")).status_code == 200
