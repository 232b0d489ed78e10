"""A wrong request, and the answer it gets, in one line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.integration.doors.conftest import Doors

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE = {"Accept": "text/html"}
LONG = "x" * 100_000


@dataclass(frozen=True)
class Ask:
    """A request: what for, to which service, with whose key, and what with."""

    what: str
    service: str = "intake"
    key: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    form: dict[str, str] | None = None

    async def answer(self, doors: Doors) -> str:
        """Status, code and the first field named; or that a page came, or where it sends to."""
        answer = await self._send(doors)
        if "location" in answer.headers:
            return f"{answer.status_code} to {answer.headers['location']}"
        if "json" not in answer.headers.get("content-type", ""):
            return f"{answer.status_code} page"
        said = answer.json()
        if answer.is_success:
            return str(answer.status_code)
        _has_a_remedy_in_both_languages(said)
        named = said["errors"][0]["field"] if said["errors"] else ""
        return f"{answer.status_code} {said['code']} {named}".strip()

    async def _send(self, doors: Doors) -> httpx.Response:
        method, _, path = self.what.partition(" ")
        headers = {name: value.replace("{new}", str(uuid4())) for name, value in self.headers.items()}
        if self.key:
            headers["X-API-Key"] = doors.keys.get(self.key, self.key)
        given = {"json": self.json, "content": self.content, "data": self.form}
        body = {name: value for name, value in given.items() if value is not None}
        return await doors.clients[self.service].request(method, doors.filled(path), headers=headers, **body)


Row = tuple[str, Ask, str]


def filing(raw: Any = None, **rest: Any) -> Ask:
    """A dossier is handed in."""
    headers = {"Idempotency-Key": "{new}"} | rest.pop("headers", {})
    given = {"content": raw} if isinstance(raw, bytes) else {"json": raw}
    return Ask("POST /v1/dossiers", headers=headers, **given, **rest)


def acting(said: Any, act: str = "start", key: str = "city-police", **rest: Any) -> Ask:
    """An office says something of its task."""
    given = {"content": said} if isinstance(said, bytes) else {"json": said}
    return Ask(f"POST /v1/tasks/{{task}}/{act}", "routing", key, JSON, **given, **rest)


async def met(doors: Doors, rows: list[Row]) -> dict[str, str]:
    """What each row got."""
    return {wrong: await ask.answer(doors) for wrong, ask, _ in rows}


def expected(rows: list[Row]) -> dict[str, str]:
    """What each row should get."""
    return {wrong: answer for wrong, _, answer in rows}


def _has_a_remedy_in_both_languages(said: dict[str, Any]) -> None:
    for sentence in (said, *said["errors"]):
        assert len(sentence["vi"]) > 10, said
        assert len(sentence["en"]) > 10, said
