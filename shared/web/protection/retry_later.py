"""A database that is away for a moment is a "try again", not a crash."""

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import Response

from shared.errors import RetryLater
from shared.messaging.faults import is_transient

_KINDS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection whose server was killed may break on its way back to the pool
    OSError,
    TimeoutError,
)


def install_retry_later(app: FastAPI) -> None:
    """Answer passing faults as RetryLater is answered: 503 with Retry-After. Others stay what they are."""
    retry_later = app.exception_handlers[RetryLater]

    async def busy(request: Request, error: Exception) -> Response:
        if not is_transient(error):
            raise error
        return await retry_later(request, error)  # pyright: ignore[reportGeneralTypeIssues]  (ours is a coroutine)

    for kind in _KINDS:
        app.add_exception_handler(kind, busy)
