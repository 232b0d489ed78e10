"""A bell from a commit to the relay of its process: a NOTIFY inside would make commits queue."""

import asyncio
from contextlib import suppress

import asyncpg


class WakeupEvent:
    """Rung by commits of this process (`near`) and by other processes through NOTIFY."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_local = False

    def set(self, *, local: bool) -> None:
        """Ringing twice is ringing once."""
        self._is_local |= local
        self._event.set()

    @property
    def is_set(self) -> bool:
        """Whether it rang since it was last heard."""
        return self._event.is_set()

    async def wait(self, seconds: float) -> None:
        """Until it rings or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    def clear(self) -> bool:
        """Whoever looks for rows says so before: a later ring is a new one. Whether a commit of this process
        rang it.
        """
        was_local, self._is_local = self._is_local, False
        self._event.clear()
        return was_local


_events: dict[int, WakeupEvent] = {}


def register_relay(pool: asyncpg.Pool) -> WakeupEvent:
    """The bell of this pool's relay; `unregister_relay` it when the relay ends."""
    return _events.setdefault(id(pool), WakeupEvent())


def unregister_relay(pool: asyncpg.Pool) -> None:
    """No relay listens any more."""
    _events.pop(id(pool), None)


def notify_relay(pool: asyncpg.Pool) -> None:
    """Rows were committed here."""
    event = _events.get(id(pool))
    if event is not None:
        event.set(local=True)
