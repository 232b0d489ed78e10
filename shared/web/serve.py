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
    load_shedder = getattr(app.state, "load_shedder", None)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=shedding_protocol(load_shedder) if load_shedder is not None else "httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    freeze_gc()
    await _Server(config).serve()


def exit_after(seconds: float) -> None:
    """Exit the process after so many seconds if it has not ended by then."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def freeze_gc() -> None:
    """Freeze existing objects, which live as long as the process, so that the collector skips them."""
    gc.collect()
    gc.freeze()
