"""The three services in this process, over real servers and real sinks: opened, closed and opened again."""

import asyncio
import base64
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import orjson
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.local.parties import read_parties
from deploy.local.servers.topics import create_topics
from services.intake import main as intake
from services.intake.config import IntakeSettings
from services.notification import main as notification
from services.notification.config import NotificationSettings
from services.routing import main as routing
from services.routing.config import RoutingSettings
from services.routing.usecases import dump_world
from shared.actor import Actor
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from shared.events import topics
from shared.security.api_keys import COUNTERS, generate_key
from tests.builders.intake import MASTER
from tests.builders.sinks import MailLine, TextLine, mail_line, text_line
from tests.builders.wire import until
from tests.chaos.door import City

MACHINES = {
    "operator": Actor(kind="officer", id="operator", role="operator", office="PASC"),
}


@dataclass
class House:
    """All of one city. What it is called with is what people hold: bodies, codes, keys."""

    city: City
    folder: Path
    stuck_seconds: float = 10.0
    keys: dict[str, str] = field(default_factory=dict)
    http: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    apps: dict[str, FastAPI] = field(default_factory=dict)
    _lasting: AsyncExitStack = field(default_factory=AsyncExitStack)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def furnish(self, parties: Sequence[str]) -> None:
        """What outlives the services: topics, keys, phones and mailboxes."""
        party_topics = [topic for party in parties for topic in topics.party_topics(party)]
        wanted = [*topics.SERVICE_TOPICS, *party_topics]
        await asyncio.to_thread(
            create_topics,
            self.city.kafka,
            [replace(topic, name=self.city.prefix + topic.name) for topic in wanted],
        )
        of_parties = {p.name: Actor(kind="party", id=p.name, party=p.name) for p in read_parties()}
        minted = {name: generate_key(name, actor) for name, actor in (MACHINES | of_parties).items()}
        counter = Actor(kind="officer", id="counter", role="counter")
        minted["counter"] = generate_key("counter", counter, COUNTERS)
        self.keys = {name: key for name, (key, _) in minted.items()}
        credentials = self.folder / "credentials.json"
        credentials.write_bytes(orjson.dumps([kept.to_json() for _, kept in minted.values()]))
        self.texts: TextLine = await self._lasting.enter_async_context(text_line())
        self.letters: MailLine = await self._lasting.enter_async_context(mail_line())

    async def open(self) -> None:
        """Start the services; they are not ready yet."""
        self._open = AsyncExitStack()
        self.apps = {
            "notification": await self._open.enter_async_context(notification.running(self._notification())),
            "routing": await self._open.enter_async_context(routing.running(self._routing())),
            "intake": await self._open.enter_async_context(intake.running(self._intake())),
        }
        for name, app in self.apps.items():
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url=f"http://{name}")
            self.http[name] = await self._open.enter_async_context(client)

    async def close(self) -> None:
        """Stop the services; the sinks stay."""
        await self._open.aclose()

    async def leave(self) -> None:
        """Close everything."""
        await self.close()
        await self._lasting.aclose()

    async def said(self, service: str) -> dict[str, str]:
        """What each check of a service's readiness says."""
        return (await self.http[service].get("/health/ready")).json()["checks"]

    async def ready(self) -> None:
        """Wait until all three are."""

        async def all_are() -> bool:
            answers = [await client.get("/health/ready") for client in self.http.values()]
            return all(answer.status_code == 200 for answer in answers)

        await until(all_are, seconds=60)

    async def post(
        self, service: str, path: str, who: str = "", body: Any = None, *, office: str = ""
    ) -> httpx.Response:
        """An act by HTTP, with somebody's key; `office`: the one that the counters' key acts for."""
        headers = {"Idempotency-Key": str(uuid4())} | ({"x-api-key": self.keys[who]} if who else {})
        if office:
            headers["x-office"] = office
        return await self.http[service].post(path, json=body or {}, headers=headers)

    async def get(self, service: str, path: str, who: str) -> Any:
        """A question by HTTP."""
        return (await self.http[service].get(path, headers={"x-api-key": self.keys[who]})).json()

    async def file(self, body: dict[str, Any]) -> dict[str, Any]:
        """The slip of a dossier handed in."""
        answer = await self.post("intake", "/v1/dossiers", body=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def quiet(self) -> None:
        """Wait until nothing is left to send, to read or to tell."""

        async def is_quiet() -> bool:
            idle = [(await self.get(name, "/v1/operations", "operator"))["idle"] for name in self.http]
            left = await self.get("notification", "/v1/messages/waiting", "operator")
            return all(idle) and not any(left[name] for name in ("to_address", "to_send", "sending"))

        await until(lambda: twice(is_quiet), seconds=60)

    async def cases(self) -> dict[str, dict[str, Any]]:
        """Routing's business data by code, as a dump compares it."""
        pool = await create_pool(self.city.database.url("routing"), min_size=1, max_size=1)
        async with transaction(pool) as tx:
            rows = await dump_world.dump_rows(tx)
        await pool.close()
        return {row["code"]: row for row in rows}

    def told(self) -> list[tuple[str, str]]:
        """Every text and letter that came, by address and first line."""
        texts = [(one.to, one.text) for one in self.texts.shelf.all()]
        return sorted([*texts, *((one.to, one.subject or "") for one in self.letters.shelf.all())])

    def _shared(self) -> dict[str, Any]:
        return {
            "kafka": self.city.kafka,
            "topic_prefix": self.city.prefix,
            "credentials": self.folder / "credentials.json",
            "stuck_seconds": self.stuck_seconds,
        }

    def _sealed(self, service: str) -> dict[str, Any]:
        database = self.city.database
        return {
            "database_url": SecretStr(database.url(service)),
            "keyring_url": SecretStr(database.url("keyring")),
            "master_key": SecretStr(base64.b64encode(MASTER).decode()),
        }

    def _intake(self) -> IntakeSettings:
        return IntakeSettings(**self._shared(), **self._sealed("intake"))

    def _routing(self) -> RoutingSettings:
        return RoutingSettings(**self._shared(), database_url=SecretStr(self.city.database.url("routing")))

    def _notification(self) -> NotificationSettings:
        carriers = {"smtp_port": self.letters.port, "smpp_port": self.texts.port}
        return NotificationSettings(**self._shared(), **self._sealed("notification"), **cast(Any, carriers))


async def twice(look: Any) -> bool:
    """Whether it holds, and still does: work may be between two places at the first look."""
    return await look() and await look()
