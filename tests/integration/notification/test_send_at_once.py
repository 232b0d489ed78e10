"""A text leaves when it is written, not when the one before was acknowledged."""

import os
import socket
from pathlib import Path

import pytest

from services.notification.outbound import smpp
from services.notification.outbound.tcp_nodelay import disable_nagle
from tests.builders.sinks import TextLine, text_line

pytestmark = pytest.mark.integration


def delayed(line: TextLine) -> list[bool]:
    """Of each end of the line, whether what is written may have to wait."""
    ends: list[bool] = []
    for descriptor in Path("/dev/fd").iterdir():
        try:
            with socket.socket(fileno=os.dup(int(descriptor.name))) as end:
                if line.port in {end.getpeername()[1], end.getsockname()[1]}:
                    ends.append(not end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        except (OSError, IndexError):
            continue
    return ends


async def test_neither_end_of_a_bind_holds_back_what_is_written() -> None:
    async with text_line() as line:
        assert await line.carrier.ensure_connected()
        assert delayed(line) == [False, False]


async def test_a_connection_as_the_library_opens_it_is_seen_to_hold_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smpp, "disable_nagle", lambda _: 0)
    monkeypatch.setattr("deploy.demo.sinks.phones.disable_nagle", lambda _: 0)
    async with text_line() as line:
        assert await line.carrier.ensure_connected()
        assert delayed(line) == [True, True]


def test_what_is_no_connection_of_this_port_is_left_alone() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as ours,
    ):
        assert disable_nagle(1) == 0
        assert not ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
