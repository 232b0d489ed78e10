"""What the head of a request may be, however it is cut into reads: uvicorn's protocol with our limits."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from shared.web.protection.bounded_connection import BoundedConnection, ConnectionLimits

LIMITS = ConnectionLimits(head_bytes=1000, head_fields=10, request_bytes=10_000, linger_seconds=0.01)
START = b"GET / HTTP/1.1\r\nHost: a\r\nX: "
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n"


class Transport(asyncio.Transport):
    """Notes what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_ended = False

    def write(self, data: Any) -> None:
        """Note it."""
        self.written += bytes(data)

    def write_eof(self) -> None:
        """Nothing follows."""

    def close(self) -> None:
        """Note it."""
        self.is_ended = True

    abort = close

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self.is_ended

    def pause_reading(self) -> None:
        """Nothing is read here."""

    resume_reading = pause_reading


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read all of it, and answer."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def answers(*reads: bytes) -> tuple[bytes, bool]:
    """The status line of the last answer to these reads, and whether the connection is closed."""
    config = uvicorn.Config(app, lifespan="off", log_config=None)
    connection = BoundedConnection(config, ServerState(), {})
    connection.limits = LIMITS
    transport = Transport()
    connection.connection_made(transport)
    for data in reads:
        connection.data_received(data)
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.03)
    connection.stop_waiting_for_head()
    lines = [line for line in transport.written.split(b"\r\n") if line.startswith(b"HTTP/1.1")]
    return (lines[-1] if lines else b"", transport.is_ended)


@pytest.mark.parametrize(
    "reads",
    [
        pytest.param((HEAD + b"x" * 2000,), id="whole, with a body larger than a head may be"),
        pytest.param((HEAD, b"x" * 2000), id="the body later"),
        pytest.param((HEAD[:-2], b"\r\n" + b"x" * 2000), id="the end of the head in two reads"),
        pytest.param((HEAD[:-1], b"\n" + b"x" * 2000), id="its last byte with the body"),
        pytest.param((*(HEAD[n : n + 1] for n in range(len(HEAD))), b"x" * 2000), id="byte by byte"),
        pytest.param((HEAD + b"x" * 2000, HEAD + b"x" * 2000), id="one after the other"),
        pytest.param(((HEAD + b"x" * 2000) * 3,), id="three in one read"),
        pytest.param((b"\r\n" + HEAD + b"x" * 2000,), id="an empty line before"),
        pytest.param((b"GET / HTTP/1.0\r\n\r\n",), id="an old client without Host"),
    ],
)
async def test_an_ordinary_request_is_served(reads: tuple[bytes, ...]) -> None:
    assert (await answers(*reads))[0] == b"HTTP/1.1 204 No Content"


@pytest.mark.parametrize(
    ("reads", "status"),
    [
        pytest.param((b"GET /" + b"a" * 1200,), 431, id="a long address"),
        pytest.param(
            (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1200 + b"\r\n\r\n",), 431, id="in one read"
        ),
        pytest.param((START, *[b"a" * 100] * 12), 431, id="in many reads"),
        pytest.param((b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 10 + b"\r\n",), 431, id="many fields"),
        pytest.param((b"GET / HTTP/1.1\r\n\r\n",), 400, id="no Host"),
        pytest.param((b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",), 400, id="two Hosts"),
        pytest.param((b"\x16\x03\x01\x02\x00\x01\x00",), 400, id="TLS on a plain port"),
    ],
)
async def test_any_other_is_refused_and_its_connection_closed(reads: tuple[bytes, ...], status: int) -> None:
    line, is_closed = await answers(*reads)
    assert line.startswith(b"HTTP/1.1 %d " % status)
    assert is_closed


async def test_a_request_larger_than_any_route_allows_ends_its_connection() -> None:
    chunks = [b"1;" + b"x" * 998 + b"\r\na\r\n"] * 12
    _, is_closed = await answers(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", *chunks)
    assert is_closed


async def test_an_answer_that_nobody_reads_ends_its_connection() -> None:
    connection = BoundedConnection(uvicorn.Config(app, lifespan="off", log_config=None), ServerState(), {})
    connection.limits = ConnectionLimits(unread_seconds=0.01)
    transport = Transport()
    connection.connection_made(transport)
    connection.pause_writing()
    connection.resume_writing()
    await asyncio.sleep(0.03)
    assert not transport.is_ended
    connection.pause_writing()
    await asyncio.sleep(0.03)
    connection.stop_waiting_for_head()
    assert transport.is_ended
