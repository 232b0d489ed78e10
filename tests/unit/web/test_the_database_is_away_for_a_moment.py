"""Whatever a killed database makes of a request, the caller is told to come again; a real fault stays one."""

from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.builders.web import URL, small_app


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (ConnectionRefusedError(), 503),
        (TimeoutError(), 503),
        (asyncpg.CannotConnectNowError("the database system is starting up"), 503),
        (asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"), 503),
        (asyncpg.InterfaceError("connection is closed"), 503),
        (asyncpg.InternalClientError("cannot switch to state 15; another operation is in progress"), 503),
        (asyncpg.UniqueViolationError("two of one"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_what_passes_by_itself_is_a_try_again(tmp_path: Path, failure: Exception, status: int) -> None:
    app = small_app(tmp_path)

    @app.get("/fails")
    async def fails() -> None:
        raise failure

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        answer = await http.get("/fails")

    assert (answer.status_code, "retry-after" in answer.headers) == (status, status == 503)
