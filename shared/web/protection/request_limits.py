"""The limit for all addresses: no U+0000."""

from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.responses import Response

from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.security_headers import App, Receive, Scope, Send
from shared.web.words import refuse

INVALID = 422


class RequestLimits:
    """Refuses requests beyond the limits before they reach a route."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the address."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif b"\x00" in unquote_to_bytes(scope["query_string"]) or "\x00" in scope["path"]:
            await _no_such_address(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _no_such_address(request: Request) -> Response:
    refusal = refuse("bad_characters")
    if accepts_html(request):
        return render(request, "problem.html", status=INVALID, refusal=refusal, code=INVALID)
    return problem_response(INVALID, refusal.code, refusal.vi, refusal.en, refusal.errors)
