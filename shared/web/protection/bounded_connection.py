"""uvicorn's HTTP protocol with limits: how long and how large the head of a request may be, and how long
an unread answer may wait. uvicorn itself limits neither.

The body is limited behind it, by the data of its route (`body_reading`).
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import Refused
from shared.web.answers.problem import problem_response
from shared.web.protection.security_headers import SECURITY_HEADERS
from shared.web.words import refuse


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of a connection. `head_seconds`: from its start, or the first byte, to the end of a head.

    `head_bytes`, `head_fields`: of the request line and the header fields together. `request_bytes`: of a
    whole request on the wire, whatever its route allows. `unread_seconds`: how long a client may leave an
    answer unread. `linger_seconds`: how long what a refused client still sends is read and thrown away, so
    that it can read the answer.
    """

    head_seconds: float = 10.0
    head_bytes: int = 32 * 1024
    head_fields: int = 100
    request_bytes: int = 8 * 1024 * 1024
    unread_seconds: float = 60.0
    linger_seconds: float = 1.0


HEAD_END = b"\r\n\r\n"


class HeadRefused(Exception):
    """The head of a request is beyond its limits. `status`: how it is answered."""

    def __init__(self, status: HTTPStatus, refusal: Refused) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal = status, refusal


class BoundedConnection(HttpToolsProtocol):
    """A connection that answers a slow, large or invalid head with a problem, and does not wait for ever."""

    limits = ConnectionLimits()
    is_between_requests = True
    _is_in_head = True
    _requests = 0
    _received_bytes = 0
    """Of the current request, without the read in which it began."""
    _tail = b""
    """The last bytes of the read before, in which the end of the head may begin."""
    _is_lingering = False
    _refused: HeadRefused | None = None
    _timer: asyncio.TimerHandle | None = None
    _unread_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self.stop_waiting_for_head()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, unless the request grows beyond its limits."""
        if self._is_lingering:
            return
        if self._is_in_head and self._is_head_too_large(data):
            self._answer(_too_large())
            return
        request = self._requests
        super().data_received(data)
        if self._is_head_awaited():
            self._wait_for_head()
        if request == self._requests and not self.is_between_requests:
            self._received_bytes += len(data)
            if self._received_bytes > self.limits.request_bytes:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.is_between_requests, self._refused = False, None
        self._requests += 1
        self._received_bytes = 0

    def on_headers_complete(self) -> None:
        """Check the head, and start the request. HTTP/1.1 asks for exactly one `Host` (RFC 9112, 3.2)."""
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value) + 4
            hosts += name == b"host"
        if size > self.limits.head_bytes or len(self.headers) > self.limits.head_fields:
            self._refuse(_too_large())
        is_old = self.parser is not None and self.parser.get_http_version() == "1.0"
        if hosts > 1 or not (hosts or is_old):
            self._refuse(HeadRefused(HTTPStatus.BAD_REQUEST, refuse("host_missing")))
        self._is_in_head = False
        self.stop_waiting_for_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has arrived as a whole."""
        self.is_between_requests = self._is_in_head = True
        self.stop_waiting_for_head()
        super().on_message_complete()
        if self.cycle.response_complete:
            self._wait_for_head()  # its answer was earlier, and uvicorn waits no more for the next request

    def on_response_complete(self) -> None:
        """Wait for the rest of a body that nobody reads, but not for ever."""
        super().on_response_complete()
        if not self.is_between_requests and not self._is_in_head:
            self._unset_keepalive_if_required()
            self._wait_for_head()

    def pause_writing(self) -> None:
        """The client does not read its answer."""
        super().pause_writing()
        if self._unread_timer is None:
            self._unread_timer = self.loop.call_later(self.limits.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads on."""
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser could not read, or what was refused in a callback of the parser."""
        self._answer(self._refused or HeadRefused(HTTPStatus.BAD_REQUEST, refuse("unreadable_request")))

    def _is_head_awaited(self) -> bool:
        """Whether what was read ends in a head, or between requests of which all are answered."""
        if self._timer is not None or self._is_lingering or not self._is_in_head:
            return False
        return not (self.is_between_requests and self._is_answering())

    def _is_head_too_large(self, data: bytes) -> bool:
        """Whether a head does not end within its limit. What follows it in the same read does not count."""
        room = self.limits.head_bytes - (0 if self.is_between_requests else self._received_bytes)
        is_too_large = len(data) > room and (self._tail + data[: max(room, 0) + 4]).find(HEAD_END) < 0
        self._tail = data[-len(HEAD_END) + 1 :]
        return is_too_large

    def _unsupported_upgrade_warning(self) -> None:
        """Serve a request for another protocol as plain HTTP, without a line in the log."""

    def _refuse(self, refused: HeadRefused) -> None:
        """Stop the parser, which then calls `send_400_response`."""
        self._refused = refused
        raise refused

    def _wait_for_head(self) -> None:
        self._timer = self.loop.call_later(self.limits.head_seconds, self._end_slow_request)

    def stop_waiting_for_head(self) -> None:
        """Stop the time limit of the head."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end_slow_request(self) -> None:
        self._timer = None
        if not self.is_between_requests and self._is_in_head:
            seconds = round(self.limits.head_seconds)
            self._answer(HeadRefused(HTTPStatus.REQUEST_TIMEOUT, refuse("head_too_slow", seconds=seconds)))
        elif not self._is_answering():
            self.transport.close()  # nothing was asked, or all was answered

    def _answer(self, refused: HeadRefused) -> None:
        """Answer and close; while an earlier request is being answered, close after it without an answer."""
        self.stop_waiting_for_head()
        if self._is_answering():
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        refusal = refused.refusal
        answer = problem_response(refused.status, refusal.code, refusal.vi, refusal.en, refusal.errors)
        answer.headers["connection"] = "close"
        self.transport.write(raw_response(answer.status_code, answer.raw_headers, bytes(answer.body)))
        self.transport.write_eof()
        self._is_lingering = True
        self.loop.call_later(self.limits.linger_seconds, self.transport.close)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


def raw_response(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    """A whole answer as it is on the wire, with the security headers."""
    lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
    lines += [b"%s: %s" % pair for pair in (*headers, *SECURITY_HEADERS)]
    return b"\r\n".join([*lines, b"", body])


def _too_large() -> HeadRefused:
    return HeadRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, refuse("head_too_large"))
