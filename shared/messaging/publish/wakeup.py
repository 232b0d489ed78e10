"""Wakes the relay of this process after a commit: a NOTIFY in each transaction would serialize commits."""

import asyncio
from contextlib import suppress

import asyncpg


class WakeupEvent:
    """An event set by commits of this process (`near`), and by other processes through NOTIFY."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._is_local = False

    def set(self, *, local: bool) -> None:
        """Set the event."""
        self._is_local |= local
        self._event.set()

    @property
    def is_set(self) -> bool:
        """Whether it was set since the last `clear`."""
        return self._event.is_set()

    async def wait(self, seconds: float) -> None:
        """Wait until it is set or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    def clear(self) -> bool:
        """Clear the event before reading rows. Returns whether a commit of this process had set it."""
        was_local, self._is_local = self._is_local, False
        self._event.clear()
        return was_local


_events: dict[int, WakeupEvent] = {}


def register_relay(pool: asyncpg.Pool) -> WakeupEvent:
    """Register a relay of this pool, and return its event. Call `unregister_relay` when it ends."""
    return _events.setdefault(id(pool), WakeupEvent())


def unregister_relay(pool: asyncpg.Pool) -> None:
    """Forget the relay of this pool."""
    _events.pop(id(pool), None)


def notify_relay(pool: asyncpg.Pool) -> None:
    """Wake the relay of this pool after a commit of rows."""
    event = _events.get(id(pool))
    if event is not None:
        event.set(local=True)
