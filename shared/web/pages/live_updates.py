"""Live pages: server-sent events with a part of the page, sent whenever it changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from fastapi.responses import StreamingResponse

RenderPart = Callable[[], Awaitable[str]]
CHECK_SECONDS = 2.0
HEARTBEAT = ": still here\n\n"


def server_sent_updates(
    request: Request, render_part: RenderPart, *, every_seconds: float = CHECK_SECONDS
) -> StreamingResponse:
    """Send the part that `draw` renders whenever it differs from the last one, until the process stops."""
    return StreamingResponse(
        _events(request, render_part, every_seconds),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(request: Request, render_part: RenderPart, every_seconds: float) -> AsyncIterator[str]:
    closing: asyncio.Event = request.app.state.closing
    previous = ""
    while not closing.is_set() and not await request.is_disconnected():
        html = await render_part()
        yield _event(html) if html != previous else HEARTBEAT
        previous = html
        await _pause(closing, every_seconds)


async def _pause(closing: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
