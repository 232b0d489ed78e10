"""An unavailable database is answered with "try again", not with an error."""

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import Response

from shared.errors import RetryLater
from shared.messaging.faults import is_transient

_KINDS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection whose server was killed may fail on its release to the pool
    OSError,
    TimeoutError,
)


def install_retry_later(app: FastAPI) -> None:
    """Answer transient failures like RetryLater: 503 with Retry-After."""
    retry_later = app.exception_handlers[RetryLater]

    async def busy(request: Request, error: Exception) -> Response:
        if not is_transient(error):
            raise error
        return await retry_later(request, error)  # pyright: ignore[reportGeneralTypeIssues]  (ours is a coroutine)

    for kind in _KINDS:
        app.add_exception_handler(kind, busy)
