"""The running city as the driver of its day reaches it: its doors, its clock, its figures."""

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
    """Connections kept open for a whole day; use as `async with City.open(stack) as city`."""

    stack: Stack
    http: httpx.AsyncClient
    sql: asyncpg.Connection
    agencies_url: str = ""

    @staticmethod
    async def open(stack: Stack) -> City:
        """Connect to the doors and, read-only but for the clock, to the database."""
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
        """Let the city's clock stand at this instant."""
        await self.sql.execute(CLOCK, at)

    async def get(self, url: str, key: str, **query: str) -> Any:
        """What a machine is answered; an error of the door is ours."""
        answer = await self._send("GET", url, params=query, headers={"X-API-Key": key})
        return answer.raise_for_status().json()

    async def rows(self, url: str, key: str, **query: str) -> list[dict[str, Any]]:
        """A whole list, however many pages it is handed out in."""
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
        """An act at a door, with this key or with none; the caller judges the answer."""
        key_header = {"X-API-Key": key} if key else {}
        return await self._send("POST", url, json=body, headers=key_header | headers)

    async def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Once more when the line breaks: every act here may be sent twice."""
        try:
            return await self.http.request(method, url, **options)
        except httpx.TransportError:
            return await self.http.request(method, url, **options)
