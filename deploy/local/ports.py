"""Free loopback ports."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could bind it, as servers bind (a port in TIME_WAIT is free)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_listening(port: int) -> bool:
    """Whether something takes connections on it."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def distinct_ports(names: Iterable[str], previous_ports: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name: the earlier one if it is still free, so that bookmarks stay valid."""
    chosen: dict[str, int] = {}
    for name in names:
        previous = previous_ports.get(name)
        port = previous if previous and is_free(previous) else free_port()
        while port in chosen.values():
            port = free_port()
        chosen[name] = port
    return chosen
