"""The HTTP client of the benches: a process of its own, raw sockets kept open, requests made beforehand.

`flood`: every connection sends its next request as soon as it has its answer. `pace`: one at each beat.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tests.bench.bodies import requests
from tests.bench.program import Obey, obey

REUSE_SECONDS = 3.0


class Connection(asyncio.Protocol):
    """One connection: a request out, its answer in, and the next; ends when there are no more."""

    def __init__(self, todo: Iterator[bytes], tally: Tally) -> None:
        self._todo, self._tally = todo, tally
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()
        self._sent_at = 0.0
        self.body = b""
        self.ended_at = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # pyright: ignore[reportAttributeAccessIssue]  (a stream's is a Transport)

    def begin(self) -> None:
        """Send the next request, or be done."""
        following = next(self._todo, None)
        if following is None or self._transport is None:
            self._end()
        else:
            self._sent_at = time.perf_counter()
            self._transport.write(following)

    async def once(self, request: bytes) -> None:
        """This one request, until it is answered."""
        self.ended = asyncio.get_running_loop().create_future()
        self._todo = iter([request])
        self.begin()
        await self.ended
        self.ended_at = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        self._read += data
        whole = _whole_answer(self._read)
        if whole:
            self._tally.note(int(self._read[9:12]), time.perf_counter() - self._sent_at)
            self.body = bytes(self._read[self._read.find(b"\r\n\r\n") + 4 : whole])
            del self._read[:whole]
            self.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def _end(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


class Tally:
    """Statuses and latencies."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []

    def note(self, status: int, seconds: float) -> None:
        """One answer."""
        self.statuses[status] += 1
        self.latencies.append(seconds)


def _whole_answer(read: bytearray) -> int:
    """The length of the answer at the front, 0 while it is not whole."""
    end = read.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = bytes(read[:end]).lower()
    at = head.find(b"content-length:")
    body = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return end + 4 + body if len(read) >= end + 4 + body else 0


C = TypeVar("C", bound=Connection)


async def flood(
    host: str, port: int, connections: int, seconds: float, supply: list[bytes]
) -> dict[str, Any]:
    """As many requests as the other side answers in this time, or until the supply ends."""
    loop, tally = asyncio.get_running_loop(), Tally()
    until = time.perf_counter() + 3600
    todo = _until(supply, lambda: until)
    made = [
        (await loop.create_connection(lambda: Connection(todo, tally), host, port))[1]
        for _ in range(connections)
    ]
    begun = time.perf_counter()
    until = begun + seconds
    for connection in made:
        connection.begin()
    await asyncio.gather(*(connection.ended for connection in made))
    took = time.perf_counter() - begun
    for connection in made:
        connection.close()
    return {"statuses": dict(tally.statuses), "seconds": took, "latencies": tally.latencies}


async def pace(host: str, port: int, rate: float, seconds: float, supply: list[bytes]) -> dict[str, Any]:
    """One request every beat, whatever the other side does meanwhile."""
    tally, open_ends = Tally(), list[asyncio.Task[None]]()
    idle: list[Connection] = []
    count = min(len(supply), int(rate * seconds))
    begun = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        open_ends.append(asyncio.create_task(_one(host, port, supply[number], tally, idle)))
    await asyncio.gather(*open_ends)
    took = time.perf_counter() - begun
    for connection in idle:
        connection.close()
    return {"statuses": dict(tally.statuses), "seconds": took, "latencies": tally.latencies}


async def _one(host: str, port: int, request: bytes, tally: Tally, idle: list[Connection]) -> None:
    loop = asyncio.get_running_loop()
    connection = rested(idle)
    if connection is None:
        connection = (await loop.create_connection(lambda: Connection(iter(()), tally), host, port))[1]
    await connection.once(request)
    idle.append(connection)


def rested(idle: list[C]) -> C | None:
    """The last one used, unless it has been idle so long that the server may be hanging up."""
    while idle:
        connection = idle.pop()
        if not connection.ended_at or time.perf_counter() - connection.ended_at < REUSE_SECONDS:
            return connection
        connection.close()
    return None


def _until(supply: list[bytes], deadline: Any) -> Iterator[bytes]:
    for request in supply:
        if time.perf_counter() > deadline():
            return
        yield request


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Requests are made on `supply`, sent on `flood` or `pace`."""
    kept = list[bytes]()

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        where = (order.get("host", "127.0.0.1"), order.get("port", 0))
        match order["do"]:
            case "supply":
                kept[:] = requests(where[0], said["bodies"], order["count"])
                return {}
            case "flood":
                return await flood(*where, order["connections"], order["seconds"], kept)
            case "pace":
                return await pace(*where, order["rate"], order["seconds"], kept)
            case other:
                raise ValueError(other)

    yield act


if __name__ == "__main__":
    obey(main)
