"""Load shedding in the HTTP protocol: while there is no place, a request is answered before it is parsed.

Inside the framework shedding costs a third of a millisecond, and many shed requests would delay the admitted
ones in the same event loop. Data that is not exactly one complete write of a program is parsed as usual.
"""

import re

from shared.web.protection.bounded_connection import BoundedConnection, ConnectionLimits, raw_response
from shared.web.protection.caller_address import caller_address
from shared.web.protection.load_shedding import KEY_HEADERS, QUEUED, LoadShedder, shed_problem

_LINE = re.compile(rb"(%s) [^ ]+ HTTP/1\.1\r\n" % b"|".join(sorted(method.encode() for method in QUEUED)))
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]{1,9})\r\n")
_KEY = re.compile(rb"\r\n(?:%s): *([^\r]*)\r\n" % b"|".join(KEY_HEADERS), re.IGNORECASE)
_NOT_PLAIN = (
    b"\r\ntransfer-encoding:",
    b"\r\nexpect:",
    b"\r\nupgrade:",
    b"\r\nconnection:",
    b"\r\ncookie:",
    b"text/html",
)


class SheddingProtocol(BoundedConnection):
    """A bounded connection with a check of the queue before parsing."""

    load_shedder: LoadShedder

    def data_received(self, data: bytes) -> None:
        """Shed the request, or parse it."""
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self.is_between_requests:
            key = complete_write_key(data)
            if key is not None and self._shed(key):
                return
        super().data_received(data)

    def _shed(self, key: bytes) -> bool:
        caller = self.load_shedder.find_caller(key, b"", caller_address({"client": self.client}))
        shed = self.load_shedder.queue_of(caller).shed_reason(caller.name)
        if shed is None:
            return False
        self.load_shedder.count_shed(shed)
        answer = shed_problem(shed)
        self.transport.write(raw_response(answer.status_code, answer.raw_headers, bytes(answer.body)))
        self.stop_waiting_for_head()
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


def shedding_protocol(load_shedder: LoadShedder, limits: ConnectionLimits) -> type[SheddingProtocol]:
    """The class of uvicorn's protocol for this service."""
    return type("ServiceConnection", (SheddingProtocol,), {"load_shedder": load_shedder, "limits": limits})
