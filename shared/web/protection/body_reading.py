"""Reading of the body of a write: all of it, within the limits of its route, before anything else is done."""

import asyncio
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.routing import BaseRoute

from shared.errors import Refused
from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.json_bounds import json_problem
from shared.web.protection.load_shedding import QUEUED
from shared.web.protection.route_limits import LimitsByRoute, RouteLimits
from shared.web.protection.security_headers import App, Receive, Scope, Send
from shared.web.refusals import http_refusal
from shared.web.words import refuse


class BodyRefused(Exception):
    """A body beyond the limits of its route. `status`: how it is answered."""

    def __init__(self, status: HTTPStatus, refusal: Refused) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal = status, refusal


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


class BodyReadingMiddleware:
    """Hands a write on once its body has arrived; refuses one that is too slow, too large or too long.

    `body_seconds`: how long the body of a usual route may take.
    """

    def __init__(self, app: App, *, routes: list[BaseRoute], body_seconds: float) -> None:
        self._app, self._body_seconds = app, body_seconds
        self._limits = LimitsByRoute(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, and hand on the request with it."""
        if scope["type"] != "http" or scope["method"] not in QUEUED:
            await self._app(scope, receive, send)
            return
        limits = self._limits.find(scope["method"], scope["path"])
        try:
            body = await self._read(scope, receive, limits)
        except ClientGone:
            return
        except BodyRefused as refused:
            await _answer(Request(scope), refused)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive, limits: RouteLimits) -> bytes:
        if _announced_bytes(scope) > limits.body_bytes:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, http_refusal(413))
        seconds = self._body_seconds * limits.patience
        try:
            async with asyncio.timeout(seconds):
                body = await _read_all(receive, limits.body_bytes)
        except TimeoutError:
            refusal = refuse("body_too_slow", seconds=round(seconds))
            raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT, refusal) from None
        problem = json_problem(body, limits)
        if problem is not None:
            raise BodyRefused(HTTPStatus.UNPROCESSABLE_ENTITY, refuse("too_much", errors=(problem,)))
        return body


async def _read_all(receive: Receive, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, http_refusal(413))
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once, and then what the server says."""
    is_given = False

    async def receive_again() -> MutableMapping[str, Any]:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _announced_bytes(scope: Scope) -> int:
    """The Content-Length; 0 without one. The server has refused one that is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _answer(request: Request, refused: BodyRefused) -> Response:
    """The refusal as a page or a problem. The connection of one that was too slow is closed."""
    refusal = refused.refusal
    response: Response
    if accepts_html(request):
        response = render(
            request, "problem.html", status=refused.status, refusal=refusal, code=int(refused.status)
        )
    else:
        response = problem_response(refused.status, refusal.code, refusal.vi, refusal.en, refusal.errors)
    if refused.status == HTTPStatus.REQUEST_TIMEOUT:
        response.headers["connection"] = "close"
    return response
