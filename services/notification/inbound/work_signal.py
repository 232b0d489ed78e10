"""A signal that wakes a waiting loop."""

import asyncio
from contextlib import suppress


class WorkSignal:
    """Set when there may be work. One wait clears all earlier signals."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self, _: object = None) -> None:
        """Wake the waiting loop. Takes and ignores one argument, to serve as a callback."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait for the signal, or for this long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        self._event.clear()
