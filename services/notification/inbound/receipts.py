"""Delivery receipts between the text centre and the database."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import asyncpg

from services.notification.inbound.wakeup import WakeupEvent
from services.notification.usecases.record_receipts import Receipt, record_receipts

RECEIPTS_WAIT_SECONDS = 0.5
"""For a batch in the air: until it is written down, nobody knows the texts its receipts are about."""


class ReceiptBuffer:
    """Receipts as they come in: acknowledged already, so ours to keep until the database has them."""

    def __init__(self) -> None:
        self.bell = WakeupEvent()
        self._told: list[Receipt] = []
        self._written_down = asyncio.Event()
        self._written_down.set()

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Texts are handed over and written down within: their receipts wait for that."""
        self._written_down.clear()
        try:
            yield
        finally:
            self._written_down.set()

    def __len__(self) -> int:
        return len(self._told)

    def add(self, ref: str, status: str) -> None:
        """A receipt came in."""
        self._told.append((ref, status))
        self.bell.set()

    def pop_matching(self, refs: Collection[str]) -> list[Receipt]:
        """Those of these references that came in so far, no longer ours to keep."""
        found = [each for each in self._told if each[0] in refs]
        self._told = [each for each in self._told if each[0] not in refs]
        return found

    async def flush(self, pool: asyncpg.Pool, limit: int = 500) -> int:
        """Tell or keep what came in, once a batch in the air is written down; put back what could not be."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._written_down.wait(), RECEIPTS_WAIT_SECONDS)
        told, self._told = self._told[:limit], self._told[limit:]
        try:
            await record_receipts(pool, told)
        except BaseException:
            self._told = told + self._told
            raise
        return len(told)
