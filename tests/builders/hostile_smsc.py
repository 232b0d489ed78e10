"""A text centre that misbehaves: real SMPP 3.4 over loopback, with its bytes in the test's hand.

Binds, links and unbinds are answered as they should be. A coroutine of the test answers texts.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
BIND_TRANSCEIVER, SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK = 0x09, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000
RECEIPT_CLASS = 0x04
HEAD = struct.Struct(">IIII")
MESSAGE_ID_TLV, STATE_TLV = 0x001E, 0x0427


def tlv(tag: int, value: bytes, *, length: int | None = None) -> bytes:
    """An optional parameter; `length`: another than its own."""
    return struct.pack(">HH", tag, len(value) if length is None else length) + value


def by_tlv(ref: bytes, state: int) -> bytes:
    """The two parameters of an ordinary receipt."""
    return tlv(MESSAGE_ID_TLV, ref + b"\0") + tlv(STATE_TLV, bytes([state]))


def by_text(ref: str, state: str, error: str = "000") -> bytes:
    """The text of an ordinary receipt."""
    dates = "submit date:2611300900 done date:2611300901"
    return f"id:{ref} sub:001 dlvrd:001 {dates} stat:{state} err:{error}".encode()


@dataclass
class Link:
    """One bound client, with what it acknowledged: sequence number and status of each deliver_sm_resp.

    `ended`: set once all that the client sent has been read.
    """

    writer: asyncio.StreamWriter
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    sequence: int = 1000

    def send(self, command: int, sequence: int, body: bytes = b"", status: int = 0) -> None:
        """Send a PDU."""
        self.writer.write(HEAD.pack(HEAD.size + len(body), command, status, sequence) + body)

    def answer(self, submit: int, ref: str, status: int = 0) -> None:
        """Answer the submit_sm of this sequence number."""
        self.send(SUBMIT_SM | RESPONSE, submit, b"" if status else ref.encode() + b"\0", status)

    def deliver(self, message: bytes = b"", tlvs: bytes = b"") -> int:
        """Send a receipt. Returns its sequence number."""
        self.sequence += 1
        head = b"\0" + b"\1\1840900000001\0" + b"\5\0MOTCUA\0"
        fields = bytes([RECEIPT_CLASS, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, len(message)])
        self.send(DELIVER_SM, self.sequence, head + fields + message + tlvs)
        return self.sequence


OnSubmit = Callable[[Link, int, int], Coroutine[Any, Any, None]]
"""Answers a text: the link, the sequence number of its submit_sm, and how many texts came before."""


@dataclass
class HostileCentre:
    """The server, and every link that was bound."""

    port: int
    links: list[Link] = field(default_factory=list)
    submitted: int = 0


@contextmanager
def setting(event: asyncio.Event) -> Iterator[None]:
    """Set the event at the end of the block, however it ends."""
    try:
        yield
    finally:
        event.set()


@asynccontextmanager
async def hostile_centre(on_submit: OnSubmit, *, port: int = 0) -> AsyncIterator[HostileCentre]:
    """A centre that answers texts with this coroutine, until the end of the block."""
    centre, tasks = HostileCentre(port), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(writer)
        centre.links.append(link)
        with suppress(ConnectionError, asyncio.IncompleteReadError), setting(link.ended):
            while True:
                length, command, status, sequence = HEAD.unpack(await reader.readexactly(HEAD.size))
                await reader.readexactly(length - HEAD.size)
                if command == DELIVER_SM | RESPONSE:
                    link.acknowledged.append((sequence, status))
                elif command == SUBMIT_SM:
                    task = asyncio.create_task(on_submit(link, sequence, centre.submitted))
                    centre.submitted += 1
                    tasks.add(task)
                elif not command & RESPONSE:
                    body = b"HOSTILE\0" if command == BIND_TRANSCEIVER else b""
                    link.send(command | RESPONSE, sequence, body)

    server = await asyncio.start_server(serve, HOST, port)
    centre.port = server.sockets[0].getsockname()[1]
    try:
        yield centre
    finally:
        for task in tasks:
            task.cancel()
        for link in centre.links:
            link.writer.close()
        server.close()
