"""How a part of the post learns that there may be work."""

import asyncio
from contextlib import suppress


class WorkSignal:
    """Rung when there may be work; hearing it once answers all the ringing before."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self, _: object = None) -> None:
        """There may be work."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or this long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        self._event.clear()
