"""Load shedding: 503 (or 429 for a greedy caller) with Retry-After, before any work."""

import math
import random
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import Response

from shared.errors import Refused
from shared.observability import metrics
from shared.observability.logs import get_logger
from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.caller_address import caller_address
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


class KnownCredentials(Protocol):
    """Who holds a credential, as far as it is known without asking the database; empty for a stranger."""

    def key_holder(self, value: bytes) -> str: ...
    def session_holder(self, cookies: bytes) -> str: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """To whom a place belongs: the holder of a credential (`is_known`), else an address."""

    name: str
    is_known: bool = False


class LoadShedder:
    """The request queues of one service, and its shed requests. `closed`: why all writes are refused.

    Who holds a credential waits in another queue than strangers, who cannot take its places.
    """

    def __init__(
        self,
        limits: Limits,
        credentials: KnownCredentials,
        closed: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._known, self._strangers = RequestQueue(limits), RequestQueue(limits)
        self._credentials, self._closed = credentials, closed
        self._unlogged, self._logged_at = 0, -LOG_EVERY_SECONDS

    @property
    def waiting(self) -> int:
        """The number of requests that hold a place."""
        return self._known.waiting + self._strangers.waiting

    def find_caller(self, key: bytes, cookies: bytes, address: str) -> Caller:
        """The caller who sends this key and these cookies from this address."""
        holder = self._credentials.key_holder(key) if key else ""
        if not holder and cookies:
            holder = self._credentials.session_holder(cookies)
        return Caller(holder, is_known=True) if holder else Caller(address)

    def queue_of(self, caller: Caller) -> RequestQueue:
        """The queue in which this caller waits."""
        return self._known if caller.is_known else self._strangers

    def enter(self, caller: Caller) -> Shed | None:
        """Take a place; returns the reason if there is none."""
        if self._closed() is not None:
            return Shed(greedy=False, seconds=CLOSED_SECONDS)
        shed = self.queue_of(caller).enter(caller.name)
        metrics.WAITING.set(self.waiting)
        return shed

    def leave(self, caller: Caller) -> None:
        """Release a place."""
        self.queue_of(caller).leave(caller.name)
        metrics.WAITING.set(self.waiting)

    def count_shed(self, shed: Shed) -> None:
        """Count a shed request."""
        metrics.TURNED_AWAY.labels(str(TOO_MANY if shed.greedy else BUSY)).inc()
        self._unlogged += 1
        now = time.monotonic()
        if now - self._logged_at >= LOG_EVERY_SECONDS:
            log.warning("requests.shed", count=self._unlogged, waiting=self.waiting)
            self._unlogged, self._logged_at = 0, now


class LoadSheddingMiddleware:
    """Admits as many writes as can be served soon. Reads and probes always pass."""

    def __init__(self, app: App, load_shedder: LoadShedder) -> None:
        self._app, self._load_shedder = app, load_shedder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a place until the request is answered; how fast the answer is read does not count."""
        if scope["type"] != "http" or scope["method"] not in QUEUED:
            await self._app(scope, receive, send)
            return
        caller = _find_caller(self._load_shedder, scope)
        shed = self._load_shedder.enter(caller)
        if shed is not None:
            self._load_shedder.count_shed(shed)
            await _answer(Request(scope), shed)(scope, receive, send)
            return
        is_waiting = True

        def leave() -> None:
            nonlocal is_waiting
            if is_waiting:
                is_waiting = False
                self._load_shedder.leave(caller)

        async def send_after_leaving(message: MutableMapping[str, Any]) -> None:
            leave()
            await send(message)

        try:
            await self._app(scope, receive, send_after_leaving)
        finally:
            leave()


def _find_caller(load_shedder: LoadShedder, scope: Scope) -> Caller:
    key = cookies = b""
    for name, value in scope["headers"]:
        if name in KEY_HEADERS:
            key = key or value
        elif name == b"cookie":
            cookies = value
    return load_shedder.find_caller(key, cookies, caller_address(scope))


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
