"""A service starts and stops in one order, and answers only once it may."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from shared.messaging.recovery.restore_guard import ASKING, RestoreGuard
from shared.service.app import ServiceApp
from shared.service.settings import ServiceSettings
from shared.web.settings import WebSettings


class StubSettings(ServiceSettings):
    """Settings of a service that does nothing of its own."""

    service: str = "routing"
    http_port: int = 0


class StubPool:
    """A database that answers."""

    async def fetchval(self, _: str) -> bool:
        return True


class StubGuard(RestoreGuard):
    """A guard that opens when the test says so."""

    def __init__(self, events: list[str]) -> None:
        self.closed, self.may_open, self._events = ASKING, asyncio.Event(), events

    async def reconcile(self) -> None:
        self._events.append("guard asks")
        await self.may_open.wait()
        self.closed = None


class Recorder:
    """Notes what a part does: it runs until cancelled, or is started and stopped."""

    def __init__(self, name: str, events: list[str]) -> None:
        self._name, self._events = name, events

    async def run(self) -> None:
        self._events.append(f"{self._name} runs")
        try:
            await asyncio.Event().wait()
        finally:
            self._events.append(f"{self._name} is cancelled")

    async def start(self) -> None:
        self._events.append(f"{self._name} starts")

    async def stop(self) -> None:
        await asyncio.sleep(0)  # whatever waits may go on meanwhile
        self._events.append(f"{self._name} stops")

    def readiness_problems(self) -> list[str]:
        return []

    def unread_parties(self) -> list[str]:
        return ["nowhere is not read"]


class World:
    """A service of stubs, and all that they did, in order."""

    def __init__(self, *routes: APIRouter, failures: int = 0, **settings: Any) -> None:
        self.events: list[str] = []
        self._failures = failures
        broker: Any = Recorder("broker", self.events)
        pool: Any = StubPool()
        self.service = ServiceApp(
            StubSettings(database_url="unused", kafka="127.0.0.1:9", **settings),  # pyright: ignore[reportArgumentType]
            pool,
            broker,
            folder=Path(__file__).parent,
            routes=routes,
            checks={"own": self._own_check},
            first=self._do_first,
            background_tasks=[Recorder("task", self.events).run],
        )
        relay: Any = Recorder("relay", self.events)
        self.guard = StubGuard(self.events)
        self.service.relay, self.service.guard = relay, self.guard

    async def _do_first(self) -> None:
        self.events.append("first")
        if self._failures:
            self._failures -= 1
            raise ConnectionError

    async def _own_check(self) -> str | None:
        return None

    async def until(self, event: str) -> None:
        async with asyncio.timeout(5):
            while event not in self.events:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def get(self, path: str) -> httpx.Response:
        return await self.request("GET", path)

    async def request(self, method: str, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.service.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path)


async def test_parts_start_behind_the_guard_and_the_broker_stops_before_the_rest() -> None:
    world = World()
    async with world.service.running() as app:
        assert app is world.service.http
        await world.until("guard asks")
        await asyncio.sleep(0.02)
        assert world.events == ["guard asks"]
        world.guard.may_open.set()
        await world.until("task runs")
    started, stopped = world.events[:5], world.events[5:]
    assert started == ["guard asks", "first", "relay runs", "broker starts", "task runs"]
    assert stopped == ["broker stops", "relay is cancelled", "task is cancelled"]


async def test_what_comes_first_is_tried_again_and_nothing_else_starts_meanwhile() -> None:
    world = World(failures=1)
    world.guard.may_open.set()
    async with world.service.running():
        await world.until("task runs")
    assert world.events[1:4] == ["first", "first", "relay runs"]


async def test_a_service_that_never_opened_stops_all_the_same() -> None:
    world = World()
    async with world.service.running():
        await world.until("guard asks")
    assert world.events == ["guard asks", "broker stops"]


async def test_a_failure_of_the_caller_stops_the_parts() -> None:
    world = World()
    world.guard.may_open.set()
    with pytest.raises(RuntimeError):
        async with world.service.running():
            await world.until("task runs")
            raise RuntimeError
    assert world.events[-3:] == ["broker stops", "relay is cancelled", "task is cancelled"]


async def test_readiness_names_common_and_own_checks_and_what_is_no_reason_to_be_unready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def complaint(_: Any) -> str:
        return "messages was refused"

    monkeypatch.setattr("shared.service.app.copy_complaint", complaint)
    world = World()
    closed = await world.get("/health/ready")
    assert (closed.status_code, closed.json()["checks"]["level"]) == (503, ASKING)
    world.guard.closed = None
    answer = await world.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "checks": dict.fromkeys(("database", "consumers", "own", "level"), "ok"),
        "notes": {"parties": "nowhere is not read", "catalogue": "messages was refused"},
    }


async def test_a_write_is_refused_until_the_guard_opens() -> None:
    own = APIRouter()

    @own.post("/write")
    async def write() -> str:
        return "written"

    world = World(own)
    assert (await world.request("POST", "/write")).status_code == 503
    world.guard.closed = None
    assert (await world.request("POST", "/write")).json() == "written"


async def test_the_bare_address_leads_to_the_front_page_unless_the_service_has_one() -> None:
    own = APIRouter()

    @own.get("/")
    async def front() -> str:
        return "own"

    elsewhere, at_home = World(), World(own)
    for world in (elsewhere, at_home):
        world.guard.closed = None
    answer = await elsewhere.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{_front_url()}/")
    assert (await at_home.get("/")).json() == "own"


def _front_url() -> str:
    return WebSettings(service="intake").intake_url
