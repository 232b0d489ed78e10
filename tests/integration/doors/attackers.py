"""Strangers on raw sockets: what they send, and how it ends. Loopback only; each ends by itself."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

import uvicorn
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from shared.web.protection.route_limits import LimitsByRoute, RouteLimits
from shared.web.serve import server_config
from tests.integration.doors.conftest import Doors

LOOPBACK = "127.0.0.1"
BEAT = 0.1
"""Seconds between two bytes of a slow client."""
LONGEST = 20.0
"""Seconds after which an attacker gives up, and the test with it."""
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
VALUES = {"held_id": "1", "act": "start", "name": "supplement", "act_name": "supplement", "id": "marriage"}
"""Values of parameters in paths, besides the code and the task inside."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a running service, with a path that leads to it and the limits of its body."""

    port: int
    method: str
    path: str
    limits: RouteLimits

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def head(self, *headers: str) -> bytes:
        """The head of a request, with these headers."""
        lines = (f"{self.method} {self.path} HTTP/1.1", "Host: door", *headers, "", "")
        return "\r\n".join(lines).encode()

    def request(self, body: bytes, *headers: str) -> bytes:
        """A whole request."""
        return self.head(f"Content-Length: {len(body)}", *headers) + body


@dataclass(frozen=True, slots=True)
class End:
    """How an attack ended: the status (0: closed without an answer), the body, after how many seconds."""

    status: int
    body: str
    seconds: float


def routes_of(app: FastAPI, port: int, doors: Doors) -> list[Route]:
    """Every operation of the running app."""
    limits = LimitsByRoute(app.routes)
    found: list[Route] = []
    for route in iter_route_contexts(app.routes):
        path = _path(route.path or "", doors)
        methods = sorted(route.methods or ())
        found += [Route(port, method, path, limits.find(method, path)) for method in methods]
    return found


def _path(template: str, doors: Doors) -> str:
    values = VALUES | {"code": doors.code, "task_id": str(doors.task)}
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda match: values.get(match[1], "x"), template)


@contextlib.asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """This app behind our server, as a service is; gives its port."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        server = _Server(server_config(app, LOOPBACK, 0))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        app.state.closing.set()
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):
        """The signals are pytest's."""
        yield


async def attack(port: int, data: bytes, *, then: bytes = b"") -> End:
    """Send this at once, and then, byte by byte and for ever, more of it; until the connection ends."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    trickle = asyncio.create_task(_trickle(writer, data, then))
    try:
        async with asyncio.timeout(LONGEST):
            answer = await _read(reader, until_closed=bool(then) or not data)
    except TimeoutError:
        return End(-1, "it never ended", time.perf_counter() - began)
    finally:
        trickle.cancel()
        await asyncio.gather(trickle, return_exceptions=True)
        writer.close()
    status = int(answer[9:12] or b"0") if answer.startswith(b"HTTP/1.1") else 0
    return End(status, answer.partition(b"\r\n\r\n")[2].decode(errors="replace"), time.perf_counter() - began)


async def _trickle(writer: asyncio.StreamWriter, data: bytes, then: bytes) -> None:
    with contextlib.suppress(OSError):
        writer.write(data)
        await writer.drain()
        while then:
            await asyncio.sleep(BEAT)
            writer.write(then)
            await writer.drain()


async def _read(reader: asyncio.StreamReader, *, until_closed: bool) -> bytes:
    answer = b""
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65536):
            answer += chunk
            if not until_closed and _is_whole(answer):
                break
    return answer


def _is_whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")


@dataclass(frozen=True, slots=True)
class Ordinary:
    """The ordinary request of a service, and what it should get."""

    route: Route
    headers: Sequence[str]
    body: bytes
    status: int

    async def ask(self) -> End:
        """Send it once, as a new request."""
        key = f"Idempotency-Key: {uuid4()}"
        return await attack(self.route.port, self.route.request(self.body, key, *self.headers))


@contextlib.asynccontextmanager
async def meanwhile(ordinary: Ordinary) -> AsyncIterator[list[End]]:
    """Ask again and again during the block; gives the list of what came back."""
    ends: list[End] = []

    async def keep_asking() -> None:
        while True:
            ends.append(await ordinary.ask())
            await asyncio.sleep(BEAT)

    task = asyncio.create_task(keep_asking())
    try:
        yield ends
        ends.append(await ordinary.ask())
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
