"""The event that wakes a delivery loop."""

import asyncio
from contextlib import suppress


class WakeupEvent:
    """Set when there may be work; one wait consumes all settings before it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self, _: object = None) -> None:
        """Wake the waiting task: there may be work."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Wait until the event is set, at most this many seconds, and clear it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        self._event.clear()
