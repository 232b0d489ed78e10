"""Rate limits against guessing codes and secrets: failed lookups count, per address and per code."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI, Request
from fastapi.responses import Response
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.intake.words import refuse
from shared.errors import RefusalKind, Refused
from shared.web.answers.problem import problem_response
from shared.web.pages.rendering import accepts_html, render

BY_ADDRESS = RateLimitItemPerMinute(120)
BY_CODE = RateLimitItemPerMinute(30)
STATUS = 429


class TooManyLookups(Exception):
    """Too many failed lookups. `after`: seconds until the next one is allowed."""

    def __init__(self, after: int) -> None:
        super().__init__(f"again in {after} s")
        self.after = after


class LookupRateLimits:
    """The rate limits of lookups, counted in this process."""

    def __init__(self, by_address: RateLimitItem = BY_ADDRESS, by_code: RateLimitItem = BY_CODE) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._by_address, self._by_code = by_address, by_code

    @contextmanager
    def count_failed_lookup(self, request: Request, code: str) -> Iterator[None]:
        """Allow one lookup, and count it if it fails with not found. Raises TooManyLookups."""
        keys = self._keys(request, code)
        for item, key in keys:
            if not self._limiter.test(item, key):
                raise TooManyLookups(self._after(item, key))
        try:
            yield
        except Refused as refused:
            if refused.kind is RefusalKind.NOT_FOUND:
                for item, key in keys:
                    self._limiter.hit(item, key)
            raise

    def _keys(self, request: Request, code: str) -> list[tuple[RateLimitItem, str]]:
        address = request.client.host if request.client else "unknown"
        return [(self._by_address, f"address:{address}"), (self._by_code, f"code:{code}")]

    def _after(self, item: RateLimitItem, key: str) -> int:
        reset_at = self._limiter.get_window_stats(item, key).reset_time
        return max(1, math.ceil(reset_at - time.time()))


def install_rate_limit_handler(app: FastAPI) -> None:
    """Answer TooManyLookups with 429 and Retry-After, as a page or as a problem."""
    app.add_exception_handler(TooManyLookups, _answer_too_often)


async def _answer_too_often(request: Request, error: Exception) -> Response:
    refusal = refuse("too_often")
    response: Response
    if accepts_html(request):
        response = render(request, "problem.html", status=STATUS, refusal=refusal, code=STATUS)
    else:
        response = problem_response(STATUS, refusal.code, refusal.vi, refusal.en)
    seconds = error.after if isinstance(error, TooManyLookups) else 60
    response.headers["retry-after"] = str(seconds)
    return response
