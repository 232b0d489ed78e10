"""Pages that keep themselves up to date: server-sent events of a part of the page, sent when it changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from fastapi.responses import StreamingResponse

Draw = Callable[[], Awaitable[str]]
PULSE_SECONDS = 2.0
HEARTBEAT = ": still here\n\n"


def server_sent_updates(request: Request, draw: Draw, *, every: float = PULSE_SECONDS) -> StreamingResponse:
    """`draw` makes the part anew; it is sent only when it differs. Ends when the process is asked to stop."""
    return StreamingResponse(
        _events(request, draw, every),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(request: Request, draw: Draw, every: float) -> AsyncIterator[str]:
    closing: asyncio.Event = request.app.state.closing
    before = ""
    while not closing.is_set() and not await request.is_disconnected():
        drawn = await draw()
        yield _event(drawn) if drawn != before else HEARTBEAT
        before = drawn
        await _pause(closing, every)


async def _pause(closing: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return


def _event(html: str) -> str:
    return "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
