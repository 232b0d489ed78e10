"""Load shedding in the HTTP protocol: while there is no place, a request is answered before it is parsed.

Inside the framework shedding costs a third of a millisecond, and many shed requests would delay the admitted
ones in the same event loop. Data that is not exactly one complete write is parsed as usual.
"""

import re

from fastapi.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.web.protection.load_shedding import KEY_HEADERS, QUEUED, LoadShedder, request_caller, shed_problem
from shared.web.protection.security_headers import SECURITY_HEADERS

_LINE = re.compile(rb"(%s) [^ ]+ HTTP/1\.1\r\n" % b"|".join(sorted(method.encode() for method in QUEUED)))
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]{1,9})\r\n")
_KEY = re.compile(rb"\r\n(?:%s): *([^\r]*)\r\n" % b"|".join(KEY_HEADERS), re.IGNORECASE)
_NOT_PLAIN = (b"\r\ntransfer-encoding:", b"\r\nexpect:", b"\r\nupgrade:", b"\r\nconnection:", b"text/html")
_PHRASE = {429: b"Too Many Requests", 503: b"Service Unavailable"}


class SheddingProtocol(HttpToolsProtocol):
    """uvicorn's protocol with a check of the queue before parsing."""

    load_shedder: LoadShedder
    _is_between_messages = True

    def data_received(self, data: bytes) -> None:
        """Shed the request, or let uvicorn parse it."""
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._is_between_messages:
            key = complete_write_key(data)
            if key is not None and self._shed(key):
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._is_between_messages = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_between_messages = True
        super().on_message_complete()

    def _shed(self, key: bytes) -> bool:
        shed = self.load_shedder.queue.shed_reason(request_caller(key, self.client[0] if self.client else ""))
        if shed is None:
            return False
        self.load_shedder.count_shed(shed)
        self.transport.write(_on_the_wire(shed_problem(shed)))
        self._unset_keepalive_if_required()
        patience = self.timeout_keep_alive
        self.timeout_keep_alive_task = self.loop.call_later(patience, self.timeout_keep_alive_handler)
        return True


def complete_write_key(data: bytes) -> bytes | None:
    """The caller's key (empty without one) if the data is exactly one complete write; else None."""
    end = data.find(b"\r\n\r\n")
    if end < 0 or _LINE.match(data) is None:
        return None
    head = data[: end + 2].lower()
    lengths = _LENGTH.findall(head)
    if len(lengths) != 1 or int(lengths[0]) != len(data) - end - 4:
        return None
    if head.count(b"content-length") != 1 or any(name in head for name in _NOT_PLAIN):
        return None
    key = _KEY.search(data, 0, end + 2)
    return key.group(1) if key else b""


def _on_the_wire(answer: Response) -> bytes:
    lines = [b"HTTP/1.1 %d %s" % (answer.status_code, _PHRASE[answer.status_code])]
    lines += [b"%s: %s" % pair for pair in (*answer.raw_headers, *SECURITY_HEADERS)]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])


def shedding_protocol(load_shedder: LoadShedder) -> type[SheddingProtocol]:
    """The class of uvicorn's protocol for this service."""
    return type("OnDoorstep", (SheddingProtocol,), {"load_shedder": load_shedder})
