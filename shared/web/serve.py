"""A service's HTTP inside its own event loop, ended gracefully by SIGTERM or Ctrl-C."""

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
"""Then it ends as if killed, which nothing minds: a link that never answers must not keep it from ending."""


class _Server(uvicorn.Server):
    """Tells open live pages to end, since they would hold the shutdown back."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would raise the signal anew when done, and so kill us before consumers have stopped."""
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self.handle_exit, signal_number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The signal's own handler; also runs when the process is asked twice."""
        closing = getattr(getattr(self.config.app, "state", None), "closing", None)
        if closing is not None:
            closing.set()
        exit_after(LONGEST_STOP_SECONDS)
        super().handle_exit(sig, frame)


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Answer until the process is asked to stop; what is under way is finished first."""
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
    """End this process after so many seconds, whatever it does then; ending sooner by itself is better."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def freeze_gc() -> None:
    """What stands by now lives as long as the process: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
