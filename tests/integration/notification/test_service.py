"""The whole service between a real Kafka, a real database and real sinks: from an event to a phone."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import orjson
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.local.servers.topics import create_topics
from services.notification.config import NotificationSettings
from services.notification.main import running
from shared.actor import Actor, system_actor
from shared.db.transaction import transaction
from shared.events import topics
from shared.events.catalogue import CatalogueItemPublished, published_type
from shared.events.envelope import Event, NewEvent
from shared.messaging.publish import outbox
from shared.messaging.publish.relay import Relay
from shared.security.api_keys import generate_key
from shared.security.keyring import Keyring
from tests.builders.catalogue import items
from tests.builders.notification import BOTH, DUE, FRIDAY, MASTER, dossiers
from tests.builders.sinks import MailLine, TextLine, mail_line, text_line
from tests.builders.wire import until
from tests.databases import Database

pytestmark = pytest.mark.integration
OPERATOR_KEY, OPERATOR = generate_key("operator", Actor(kind="officer", role="operator", office="PASC"))


class World:
    """A running notification service and the two that speak to it."""

    def __init__(self, database: Database, kafka: str, prefix: str, credentials: Path) -> None:
        self.database, self.kafka, self.prefix = database, kafka, prefix
        self.credentials = credentials
        credentials.write_bytes(orjson.dumps([OPERATOR.to_json()]))

    async def start(self, stack: AsyncExitStack) -> None:
        """Topics, sinks, the service, and the relays of its neighbours."""
        create_topics(
            self.kafka, [replace(topic, name=self.prefix + topic.name) for topic in topics.SERVICE_TOPICS]
        )
        self.texts: TextLine = await stack.enter_async_context(text_line())
        self.letters: MailLine = await stack.enter_async_context(mail_line())
        self.settings = self._settings()
        self.app: FastAPI = await stack.enter_async_context(running(self.settings))
        self.keyring = Keyring(await self.database.pool("keyring"), MASTER)
        for service in ("intake", "routing"):
            await self._relay(service, stack)

    async def say(self, service: str, *events: NewEvent) -> None:
        """A neighbour publishes."""
        async with transaction(await self.database.pool(service)) as tx:
            await outbox.append_events(tx, events)

    async def _relay(self, service: str, stack: AsyncExitStack) -> None:
        relay = Relay(
            await self.database.pool(service),
            self.kafka,
            url=self.database.url(service),
            source=service,
            topic_prefix=self.prefix,
        )
        task = asyncio.create_task(relay.run())
        stack.callback(task.cancel)

    def _settings(self) -> NotificationSettings:
        return NotificationSettings(
            database_url=SecretStr(self.database.url("notification")),
            keyring_url=SecretStr(self.database.url("keyring")),
            master_key=SecretStr(base64.b64encode(MASTER).decode()),
            kafka=self.kafka,
            topic_prefix=self.prefix,
            credentials=self.credentials,
            smtp_port=self.letters.port,
            smpp_port=self.texts.port,
            smpp_timeout_seconds=5,
            smtp_timeout_seconds=5,
        )


@pytest.fixture
async def world(database: Database, kafka: str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[World]:
    await database.set_clock(FRIDAY)
    async with AsyncExitStack() as stack:
        made = World(database, kafka, topic_prefix, tmp_path / "credentials.json")
        await made.start(stack)
        yield made


def published() -> list[NewEvent]:
    """The catalogue as routing publishes it."""
    return [
        NewEvent(
            topic=topics.CATALOGUE_VERSIONS.name,
            key=item,
            type=published_type(item),
            data=CatalogueItemPublished(item=item, digest="1", content=content),
            actor=system_actor("routing"),
            time=FRIDAY,
        )
        for item, content in items().items()
    ]


def again(event: Event, service: str) -> NewEvent:
    """An event as its owner publishes it."""
    return NewEvent(
        topic=event.topic,
        key=event.key,
        type=event.type,
        data=event.data,
        actor=system_actor(service),
        time=event.time,
        dossier_id=event.dossier_id,
        procedure=event.procedure,
        channel=event.channel,
    )


async def test_a_dossiers_way_through_is_told_once_each_and_shown_to_operators_masked(world: World) -> None:
    (told,) = dossiers(1)
    key = (await world.keyring.get_or_create_keys([told.subject]))[told.subject]
    await world.say("routing", again(told.opened(), "routing"), *published())
    await world.say("intake", again(told.contact(BOTH, key), "intake"))
    moved = told.date_moved(DUE + timedelta(days=1))
    ends = (told.accepted(), moved, moved, told.completed())
    pool = await world.database.pool("notification")
    await world.say("routing", *[again(event, "routing") for event in ends])

    async def all_there() -> bool:
        arrived = "state = 'delivered' OR (channel = 'email' AND state = 'sent')"
        return await pool.fetchval(f"SELECT count(*) FROM messages WHERE {arrived}") == 8  # noqa: S608

    await until(all_there, seconds=60)
    assert len(world.texts.shelf.all()) == len(world.letters.shelf.all()) == 4
    assert all(told.code in text.text for text in world.texts.shelf.all())
    assert sum("hen tra 17/03/2026 thay cho 16/03/2026" in text.text for text in world.texts.shelf.all()) == 1
    await _operators_see(world, told.code)


async def _operators_see(world: World, code: str) -> None:
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notification") as client:
        assert (await client.get(f"/v1/messages?code={code}")).status_code == 401
        client.headers["authorization"] = f"Bearer {OPERATOR_KEY}"
        listed = (await client.get(f"/v1/messages?code={code}")).json()
        assert {line["to"] for line in listed} == {"+84 … 001", "v…@example.vn"}
        assert "sealed" not in listed[0]
        assert (await client.get("/v1/messages/waiting")).json()["to_send"] == 0
        page = await client.get(f"/messages?code={code}", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert code in page.text
        assert str(BOTH.phone) not in page.text
        ready = (await client.get("/health/ready")).json()
        assert ready["ok"], ready
