"""A service as a process: `python -m services.<service>`."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import uvloop
from fastapi import FastAPI

from shared.observability.logs import configure_logging
from shared.service.loop_watchdog import LoopWatchdog
from shared.service.settings import ServiceSettings
from shared.web.serve import serve
from shared.web.settings import from_environment

S = TypeVar("S", bound=ServiceSettings)
Running = Callable[[S], AbstractAsyncContextManager[FastAPI]]
"""Runs all but the HTTP server of a service, as `running` in its `main.py` does."""


def run_service(settings_type: type[S], running: Running[S]) -> None:
    """Run a service until it is told to stop. Raises SystemExit (2) for wrong settings."""
    uvloop.run(_serve(from_environment(settings_type), running))


async def _serve(settings: S, running: Running[S]) -> None:
    configure_logging(settings.service, settings.log)
    watchdog = LoopWatchdog(settings.blocked_seconds)
    if settings.blocked_seconds > 0:
        watchdog.start()
    try:
        async with running(settings) as app:
            await serve(app, settings.http_host, settings.http_port)
    finally:
        watchdog.stop()
