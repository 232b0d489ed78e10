"""Rate limits against guessing codes and secrets: failed lookups count against the address they come from.

A code alone is never limited, since anybody could then lock its citizen out; nor is who holds a credential.
"""

import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from fastapi import FastAPI, Request
from fastapi.responses import Response
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.intake.words import refuse
from shared.errors import RefusalKind, Refused
from shared.web.answers.problem import problem_response
from shared.web.auth.identity import has_credential
from shared.web.pages.rendering import accepts_html, render
from shared.web.protection.caller_address import caller_address

BY_ADDRESS = RateLimitItemPerMinute(120)
BY_ADDRESS_AND_CODE = RateLimitItemPerMinute(30)
STATUS = 429


class TooManyLookups(Exception):
    """Too many failed lookups. `after`: seconds until the next one is allowed."""

    def __init__(self, after: int) -> None:
        super().__init__(f"again in {after} s")
        self.after = after


class LookupRateLimits:
    """The rate limits of lookups, counted in this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._under_way: Counter[str] = Counter()

    @asynccontextmanager
    async def count_failed_lookup(self, request: Request, code: str) -> AsyncIterator[None]:
        """Allow one lookup, and count it if it fails with not found. Raises TooManyLookups.

        One under way counts too until it has succeeded: many sent at once are no more than one by one.

        Who holds a credential is neither counted nor limited.
        """
        if await has_credential(request):
            yield
            return
        with self._counted(self._keys(request, code)):
            yield

    @contextmanager
    def _counted(self, keys: Sequence[tuple[RateLimitItem, str]]) -> Iterator[None]:
        for item, key in keys:
            if self._limiter.get_window_stats(item, key).remaining <= self._under_way[key]:
                raise TooManyLookups(self._after(item, key))
        self._under_way.update(key for _, key in keys)
        try:
            yield
        except Refused as refused:
            if refused.kind is RefusalKind.NOT_FOUND:
                for item, key in keys:
                    self._limiter.hit(item, key)
            raise
        finally:
            self._under_way.subtract(key for _, key in keys)
            self._forget_finished(keys)

    def _forget_finished(self, keys: Sequence[tuple[RateLimitItem, str]]) -> None:
        for _, key in keys:
            if not self._under_way[key]:
                del self._under_way[key]

    def _keys(self, request: Request, code: str) -> list[tuple[RateLimitItem, str]]:
        address = caller_address(request.scope)
        return [(BY_ADDRESS, f"address:{address}"), (BY_ADDRESS_AND_CODE, f"code:{address} {code}")]

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
