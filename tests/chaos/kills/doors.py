"""Everyone's way into the city while it is being broken: knock again after any failure."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from deploy.local.stack import Stack

AGAIN = frozenset({429, 502, 503, 504})
PATIENCE_SECONDS = 180.0
TIMEOUT_SECONDS = 8.0


@dataclass
class Doors:
    """HTTP and SQL that outlast the servers behind them; what had to be repeated is counted."""

    stack: Stack
    http: httpx.AsyncClient
    again: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    @staticmethod
    @asynccontextmanager
    async def open(stack: Stack) -> AsyncIterator[Doors]:
        """Connections for one run."""
        limits = httpx.Limits(max_connections=48, keepalive_expiry=2)
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False) as http:
            yield Doors(stack, http)

    async def insist(
        self, method: str, url: str, key: str | None = None, body: Any = None, **how: Any
    ) -> httpx.Response:
        """The same request again and again, until the door gives an answer of its own."""
        headers = ({"X-API-Key": key} if key else {}) | how.pop("headers", {})
        until, pause = time.monotonic() + PATIENCE_SECONDS, 0.1
        while time.monotonic() < until:
            try:
                answer = await self.http.request(method, url, json=body, headers=headers, **how)
            except httpx.TransportError as failure:
                self.again[type(failure).__name__] += 1
            else:
                if answer.status_code not in AGAIN and answer.status_code < 500:
                    return answer
                self.again[str(answer.status_code)] += 1
                self._complain_of(answer)
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 1.5)
        raise TimeoutError(f"{method} {url} had no answer in {PATIENCE_SECONDS:.0f} s")

    async def rows(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """An administrator's query, on a connection of its own, until the server answers."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self._rows(sql, values)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
                if time.monotonic() > until or isinstance(failure, asyncpg.SyntaxOrAccessError):
                    raise
                await asyncio.sleep(0.1)

    async def value(self, sql: str, *values: object) -> Any:
        """Its one value."""
        return (await self.rows(sql, *values))[0][0]

    async def _rows(self, sql: str, values: tuple[object, ...]) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.stack.postgres_url, timeout=5, command_timeout=20)
        try:
            return await connection.fetch(sql, *values)
        finally:
            connection.terminate()

    def _complain_of(self, answer: httpx.Response) -> None:
        """Being away is allowed, with a word when to come back; falling over is not."""
        url = f"{answer.request.method} {answer.request.url.path}"
        if answer.status_code == 500:
            self.complaints.append(f"{url}: 500 {answer.text[:200]}")
        elif "Retry-After" not in answer.headers:
            self.complaints.append(f"{url}: {answer.status_code} without Retry-After")
