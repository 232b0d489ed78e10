"""Limits for all requests: no U+0000 in the address, and a maximum size of the body."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.security_headers import App, Receive, Scope, Send
from shared.web.words import refuse

MAX_BODY_BYTES = 1024 * 1024
TOO_LARGE, INVALID = 413, 422


class RequestLimits:
    """Refuses requests beyond the limits before they reach a route."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the address, and count the body while it is received."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif b"\x00" in unquote_to_bytes(scope["query_string"]) or "\x00" in scope["path"]:
            await _no_such_address(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, _limit_body(receive), send)


def _limit_body(receive: Receive) -> Receive:
    size = 0

    async def receive_counted() -> MutableMapping[str, Any]:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            raise HTTPException(TOO_LARGE)
        return message

    return receive_counted


def _no_such_address(request: Request) -> Response:
    refusal = refuse("bad_characters")
    if accepts_html(request):
        return render(request, "problem.html", status=INVALID, refusal=refusal, code=INVALID)
    return problem_response(INVALID, refusal.code, refusal.vi, refusal.en, refusal.errors)
