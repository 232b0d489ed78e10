"""Callers of the door: as many at once as asked for, or at a steady rate whatever the door answers."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import orjson

from tests.builders.intake import JUDICIAL

BODY = orjson.dumps(JUDICIAL)
PAUSE_SECONDS = 0.004
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one filing was told, and after how many seconds. Status 0: the connection ended instead."""

    key: UUID
    status: int
    seconds: float
    retry_after: str = ""
    code: str = ""


@dataclass(slots=True)
class Told:
    """All answers, how many filings found no free caller, and how many met a connection just being closed."""

    answers: list[Answer] = field(default_factory=list)
    not_offered: int = 0
    sent_again: int = 0
    seconds: float = 0.0

    def of(self, *statuses: int) -> list[Answer]:
        """The answers of these statuses."""
        return [answer for answer in self.answers if answer.status in statuses]

    @property
    def accepted(self) -> list[Answer]:
        return self.of(200, 201)

    @property
    def turned_away(self) -> list[Answer]:
        return self.of(429, 503)


class Caller(asyncio.Protocol):
    """One connection, one filing at a time."""

    def __init__(self, done: Callable[["Caller", Answer], None]) -> None:
        self._done, self._read = done, bytearray()
        self._key: UUID | None = None
        self._began = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # pyright: ignore[reportAttributeAccessIssue]  (a stream's)

    def file(self, key: UUID) -> None:
        """Send one filing; its answer goes to `done`."""
        self._key, self._began = key, time.perf_counter()
        if self._transport is None or self._transport.is_closing():
            self._answer(NO_ANSWER, b"", b"")
            return
        head = (
            f"POST /v1/dossiers HTTP/1.1\r\nHost: door\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        )
        self._transport.write(head.encode() + BODY)

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._read[:end]).lower()
        length = int(_header(head, b"content-length") or b"0")
        if len(self._read) >= end + 4 + length:
            body = bytes(self._read[end + 4 : end + 4 + length])
            del self._read[: end + 4 + length]
            self._answer(int(head[9:12]), _header(head, b"retry-after"), body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._key is not None:
            self._answer(NO_ANSWER, b"", b"")

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    @property
    def alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _answer(self, status: int, retry_after: bytes, body: bytes) -> None:
        key, self._key = self._key, None
        if key is not None:
            code = orjson.loads(body)["code"] if status in {200, 201} else ""
            seconds = time.perf_counter() - self._began
            self._done(self, Answer(key, status, seconds, retry_after.decode(), code))


class Crowd:
    """Callers at one door."""

    def __init__(self, host: str, port: int, *, most: int) -> None:
        self._place, self._most = (host, port), most
        self._callers: list[Caller] = []
        self._free: deque[Caller] = deque()
        self._told = Told()
        self._busy = 0
        self._next: Callable[[], UUID | None] = lambda: None

    async def gather(self, callers: int) -> None:
        """Let so many connect."""
        loop = asyncio.get_running_loop()
        while len(self._callers) < min(callers, self._most):
            _, caller = await loop.create_connection(lambda: Caller(self._done), *self._place)
            self._callers.append(caller)
            self._free.append(caller)

    async def as_fast_as_answered(self, seconds: float) -> Told:
        """Every caller files again as soon as it was answered: what the door can take."""
        self._told, until = Told(), time.perf_counter() + seconds
        began = time.perf_counter()
        self._next = lambda: uuid4() if time.perf_counter() < until else None
        for caller in self._take_all():
            self._file(caller, uuid4())
        await self._answered()
        return self._ended(began)

    async def at_rate(self, a_second: float, seconds: float) -> Told:
        """So many filings a second, whatever becomes of them."""
        self._told, self._next = Told(), lambda: None
        began, sent = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - began) < seconds:
            due = int(a_second * elapsed) - sent
            for _ in range(due):
                caller = self._free_one()
                if caller is None:
                    self._told.not_offered += 1
                else:
                    self._file(caller, uuid4())
            sent += due
            await asyncio.sleep(PAUSE_SECONDS)
        await self._answered()
        return self._ended(began)

    async def again(self, keys: list[UUID]) -> Told:
        """The same filings once more, one after another."""
        self._told, self._next = Told(), lambda: None
        began = time.perf_counter()
        for key in keys:
            caller = self._free_one()
            assert caller is not None
            self._file(caller, key)
            await self._answered()
        return self._ended(began)

    def disperse(self) -> None:
        """Everybody goes home."""
        for caller in self._callers:
            caller.close()

    def _free_one(self) -> Caller | None:
        while self._free:
            if (caller := self._free.popleft()).alive:
                return caller
        return None

    def _take_all(self) -> list[Caller]:
        taken, self._free = [one for one in self._free if one.alive], deque[Caller]()
        return taken

    def _file(self, caller: Caller, key: UUID) -> None:
        self._busy += 1
        caller.file(key)

    def _done(self, caller: Caller, answer: Answer) -> None:
        self._busy -= 1
        if answer.status == NO_ANSWER and (other := self._free_one()) is not None:
            self._told.sent_again += 1
            self._file(other, answer.key)
            return
        self._told.answers.append(answer)
        following = self._next()
        if following is not None and caller.alive:
            self._file(caller, following)
        else:
            self._free.append(caller)

    async def _answered(self) -> None:
        while self._busy:  # noqa: ASYNC110  (the last answer may come on any connection)
            await asyncio.sleep(PAUSE_SECONDS)

    def _ended(self, began: float) -> Told:
        self._told.seconds = time.perf_counter() - began
        return self._told


def _header(head: bytes, name: bytes) -> bytes:
    """A header's value from a lower-cased head."""
    _, found, rest = head.partition(b"\r\n" + name + b":")
    return rest.partition(b"\r\n")[0].strip() if found else b""
