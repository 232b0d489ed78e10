"""The HTTP server in the service's event loop, stopped gracefully by SIGTERM or Ctrl-C."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from shared.web.protection.bounded_connection import BoundedConnection, ConnectionLimits
from shared.web.protection.load_shedding import LoadShedder
from shared.web.protection.shedding_protocol import shedding_protocol

GRACE_SECONDS = 3
LONGEST_STOP_SECONDS = 10
"""The maximum time of a graceful stop; a connection that never answers must not prevent the end."""


class _Server(uvicorn.Server):
    """Ends open live pages, which would delay the shutdown."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do not raise the signal again, as uvicorn does: it would end the process before consumers stop."""
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self.handle_exit, signal_number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The handler of the signal; it also runs for a second signal."""
        closing = getattr(getattr(self.config.app, "state", None), "closing", None)
        if closing is not None:
            closing.set()
        exit_after(LONGEST_STOP_SECONDS)
        super().handle_exit(sig, frame)


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until the process is told to stop, and finish open requests first."""
    freeze_gc()
    await _Server(server_config(app, host, port)).serve()


def server_config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How uvicorn serves this app: with limits of its connections, and shedding load if it has a queue."""
    load_shedder = getattr(app.state, "load_shedder", None)
    trusted_proxies = getattr(app.state, "trusted_proxies", [])
    limits = getattr(app.state, "connection_limits", ConnectionLimits())
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_protocol(load_shedder, limits, sheds_early=not trusted_proxies),
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _protocol(
    load_shedder: LoadShedder | None, limits: ConnectionLimits, *, sheds_early: bool
) -> type[BoundedConnection]:
    """Behind a proxy the caller's address is known only after parsing, and the middleware sheds alone."""
    if load_shedder is None or not sheds_early:
        return type("ServiceConnection", (BoundedConnection,), {"limits": limits})
    return shedding_protocol(load_shedder, limits)


def exit_after(seconds: float) -> None:
    """Exit the process after so many seconds if it has not ended by then."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def freeze_gc() -> None:
    """Freeze existing objects, which live as long as the process, so that the collector skips them."""
    gc.collect()
    gc.freeze()
