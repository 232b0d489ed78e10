"""Load shedding: 503 (or 429 for a greedy caller) with Retry-After, before any work."""

import hashlib
import math
import random
import time
from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from shared.errors import Refused
from shared.observability import metrics
from shared.observability.logs import get_logger
from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.request_queue import Limits, RequestQueue, Shed
from shared.web.protection.security_headers import App, Receive, Scope, Send
from shared.web.refusals import http_refusal
from shared.web.words import refuse, text

log = get_logger(__name__)
QUEUED = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEY_HEADERS = (b"x-api-key", b"authorization")
BUSY, TOO_MANY = 503, 429
LONGEST_RETRY_SECONDS = 30
CLOSED_SECONDS = 5.0
LOG_EVERY_SECONDS = 10.0

_RETRY = {"Retry-After": {"description": text("api.retry_after").side_by_side, "schema": {"type": "integer"}}}
ANSWERS: dict[int | str, dict[str, Any]] = {
    BUSY: {
        "description": text("api.busy").side_by_side,
        "headers": _RETRY,
        "content": {"application/problem+json": {}},
    },
    TOO_MANY: {
        "description": text("api.too_many").side_by_side,
        "headers": _RETRY,
        "content": {"application/problem+json": {}},
    },
}
"""The `responses` of every operation that may be shed."""


class LoadShedder:
    """The request queue of one service, and its shed requests. `closed`: why all writes are refused."""

    def __init__(self, limits: Limits, closed: Callable[[], str | None] = lambda: None) -> None:
        self.queue, self._closed = RequestQueue(limits), closed
        self._unlogged, self._logged_at = 0, -LOG_EVERY_SECONDS

    def enter(self, caller: str) -> Shed | None:
        """Take a place; returns the reason if there is none."""
        if self._closed() is not None:
            return Shed(greedy=False, seconds=CLOSED_SECONDS)
        return self.queue.enter(caller)

    def count_shed(self, shed: Shed) -> None:
        """Count a shed request."""
        metrics.TURNED_AWAY.labels(str(TOO_MANY if shed.greedy else BUSY)).inc()
        self._unlogged += 1
        now = time.monotonic()
        if now - self._logged_at >= LOG_EVERY_SECONDS:
            log.warning("requests.shed", count=self._unlogged, waiting=self.queue.waiting)
            self._unlogged, self._logged_at = 0, now


class LoadSheddingMiddleware:
    """Admits as many writes as can be served soon. Reads and probes always pass."""

    def __init__(self, app: App, load_shedder: LoadShedder) -> None:
        self._app, self._load_shedder = app, load_shedder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a place while the request is being served."""
        if scope["type"] != "http" or scope["method"] not in QUEUED:
            await self._app(scope, receive, send)
            return
        queue, caller = self._load_shedder.queue, _caller(scope)
        shed = self._load_shedder.enter(caller)
        if shed is not None:
            self._load_shedder.count_shed(shed)
            await _answer(Request(scope), shed)(scope, receive, send)
            return
        metrics.WAITING.set(queue.waiting)
        try:
            await self._app(scope, receive, send)
        finally:
            queue.leave(caller)
            metrics.WAITING.set(queue.waiting)


def request_caller(key: bytes, address: str) -> str:
    """The caller to whom a place belongs: the holder of a key, else an address."""
    return hashlib.blake2b(key, digest_size=8).hexdigest() if key else address


def _caller(scope: Scope) -> str:
    keys = (value for name, value in scope["headers"] if name in KEY_HEADERS)
    client = scope.get("client")
    return request_caller(next(keys, b""), client[0] if client else "")


def shed_problem(shed: Shed) -> Response:
    """The answer as a problem."""
    status, refusal = _refusal(shed)
    response = problem_response(status, refusal.code, refusal.vi, refusal.en)
    response.headers["retry-after"] = str(_retry_after(shed.seconds))
    return response


def _answer(request: Request, shed: Shed) -> Response:
    if not accepts_html(request):
        return shed_problem(shed)
    status, refusal = _refusal(shed)
    response = render(request, "problem.html", status=status, refusal=refusal, code=status)
    response.headers["retry-after"] = str(_retry_after(shed.seconds))
    return response


def _refusal(shed: Shed) -> tuple[int, Refused]:
    return (TOO_MANY, refuse("too_many_at_once")) if shed.greedy else (BUSY, http_refusal(BUSY))


def _retry_after(seconds: float) -> int:
    """The seconds until there should be a place, with jitter."""
    return min(LONGEST_RETRY_SECONDS, max(1, math.ceil(seconds)) + random.randrange(3))  # noqa: S311
