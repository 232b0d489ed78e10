"""A bell from a commit to the relay of its process: a NOTIFY inside would make commits queue."""

import asyncio
from contextlib import suppress

import asyncpg


class WakeupEvent:
    """Rung by commits of this process (`near`) and by other processes through NOTIFY."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._near = False

    def set(self, *, near: bool) -> None:
        """Ringing twice is ringing once."""
        self._near |= near
        self._rung.set()

    @property
    def is_set(self) -> bool:
        """Whether it rang since it was last heard."""
        return self._rung.is_set()

    async def wait(self, seconds: float) -> None:
        """Until it rings or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()

    def clear(self) -> bool:
        """Whoever looks for rows says so before: a later ring is a new one. Whether a commit of this process
        rang it.
        """
        near, self._near = self._near, False
        self._rung.clear()
        return near


_bells: dict[int, WakeupEvent] = {}


def register_relay(pool: asyncpg.Pool) -> WakeupEvent:
    """The bell of this pool's relay; `take_down` it when the relay ends."""
    return _bells.setdefault(id(pool), WakeupEvent())


def unregister_relay(pool: asyncpg.Pool) -> None:
    """No relay listens any more."""
    _bells.pop(id(pool), None)


def notify_relay(pool: asyncpg.Pool) -> None:
    """Rows were committed here."""
    bell = _bells.get(id(pool))
    if bell is not None:
        bell.set(near=True)
