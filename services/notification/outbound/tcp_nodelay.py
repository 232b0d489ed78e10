"""Nagle's algorithm off (RFC 896), on connections that a library opened and lets nobody near.

With it on, what is written waits until what was written before is acknowledged, and the other side holds an
acknowledgement back for up to 40 ms, hoping to send it along with an answer: so each batch of texts ended.
"""

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path


def disable_nagle(port: int) -> int:
    """For all TCP connections of this process to or from this port; how many there are."""
    count = 0
    for descriptor in Path("/dev/fd").iterdir():
        with suppress(OSError):  # closed meanwhile, or not connected
            count += _send_at_once(int(descriptor.name), port)
    return count


def _send_at_once(descriptor: int, port: int) -> bool:
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        return False
    with socket.socket(fileno=os.dup(descriptor)) as duplicate:
        if duplicate.family not in {socket.AF_INET, socket.AF_INET6} or duplicate.type != socket.SOCK_STREAM:
            return False
        if port not in {duplicate.getsockname()[1], duplicate.getpeername()[1]}:
            return False
        duplicate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return True
