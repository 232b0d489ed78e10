"""Access of the simulation to the running city: its APIs, its clock, its databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import asyncpg
import httpx

from deploy.local.stack import Stack
from shared.clock import CITY_TZ

CLOCK = "UPDATE city.clock SET standing_at = $1"


@dataclass
class City:
    """Connections to a running stack. Use as `async with await City.open(stack) as city`."""

    stack: Stack
    http: httpx.AsyncClient
    sql: asyncpg.Connection
    agencies_url: str = ""

    @staticmethod
    async def open(stack: Stack) -> City:
        """Connect to the APIs and to the database, which is only read, except for the clock."""
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=32, keepalive_expiry=2)
        http = httpx.AsyncClient(timeout=30, limits=limits, trust_env=False)
        return City(stack, http, await asyncpg.connect(stack.postgres_url, timeout=10))

    async def __aenter__(self) -> City:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()
        await self.sql.close()

    async def now(self) -> datetime:
        """The city's time."""
        answer = (await self._send("GET", f"{self.stack.routing_url}/v1/city-time")).json()
        return datetime.fromisoformat(answer["now"]).astimezone(CITY_TZ)

    async def set_clock(self, at: datetime) -> None:
        """Set the city's clock to this instant, and stop it there."""
        await self.sql.execute(CLOCK, at)

    async def get(self, url: str, key: str, **query: str) -> Any:
        """The JSON answer of a GET. Raises HTTPStatusError for an error status."""
        answer = await self._send("GET", url, params=query, headers={"X-API-Key": key})
        return answer.raise_for_status().json()

    async def rows(self, url: str, key: str, **query: str) -> list[dict[str, Any]]:
        """All rows of a list, from all of its pages."""
        rows: list[dict[str, Any]] = []
        while True:
            page = await self.get(url, key, **query)
            if isinstance(page, list):
                return page
            rows += next(value for value in page.values() if isinstance(value, list))
            if not page.get("next"):
                return rows
            query["after"] = page["next"]

    async def post(self, url: str, key: str | None, body: dict[str, Any], **headers: str) -> httpx.Response:
        """POST a body, with this API key or without one. Error statuses are returned, not raised."""
        key_header = {"X-API-Key": key} if key else {}
        return await self._send("POST", url, json=body, headers=key_header | headers)

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request, and repeat it once after a transport error: all requests here are idempotent."""
        try:
            return await self.http.request(method, url, **options)
        except httpx.TransportError:
            return await self.http.request(method, url, **options)
