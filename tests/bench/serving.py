"""An app answering over HTTP inside a measured program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI


@asynccontextmanager
async def serving(app: FastAPI, port: int, **more: Any) -> AsyncIterator[None]:
    """On loopback, from when it answers until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, **more))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn tells no event)
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([task], timeout=5)


async def nothing(_: dict[str, Any]) -> dict[str, Any]:
    """The obedience of a program that only answers HTTP."""
    return {}
