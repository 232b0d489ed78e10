"""Delivery receipts between the text centre and the table that keeps them as they came."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import asyncpg

from services.notification.domain.delivery_receipt import RawReceipt
from services.notification.inbound.work_signal import WorkSignal
from services.notification.store import receipts as store

RESULTS_WAIT_SECONDS = 0.5
"""How long to wait for the batch being sent: its texts can be matched once its attempts are stored."""
MOST_UNSTORED = 500
"""Receipts in memory. Beyond them nothing more is taken from the SMPP client, whose own queue then refuses
further ones, so that the text centre sends them again.
"""


class ReceiptIntake:
    """Receipts that were acknowledged to the text centre and are not in the database yet.

    `arrived` wakes who stores them, `stored` who records them.
    """

    def __init__(self, carrier: str) -> None:
        self.arrived, self.stored = WorkSignal(), WorkSignal()
        self._carrier = carrier
        self._unstored: list[RawReceipt] = []
        self._room = asyncio.Event()
        self._room.set()
        self._results_saved = asyncio.Event()
        self._results_saved.set()

    def __len__(self) -> int:
        return len(self._unstored)

    async def add(self, receipt: RawReceipt) -> None:
        """Take a receipt, once there is room for it."""
        await self._room.wait()
        self._unstored.append(receipt)
        if len(self._unstored) >= MOST_UNSTORED:
            self._room.clear()
        self.arrived.set()

    async def store(self, pool: asyncpg.Pool) -> int:
        """Store what has arrived, in one statement. Returns the number; keeps them if the database fails."""
        batch = list(self._unstored)
        if batch:
            await store.save_raw(pool, self._carrier, batch)
            del self._unstored[: len(batch)]
            self._room.set()
            self.stored.set()
        return len(batch)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Hold back those who record receipts while a batch is sent and its attempts are stored."""
        self._results_saved.clear()
        try:
            yield
        finally:
            self._results_saved.set()
            self.stored.set()

    async def wait_for_results(self) -> None:
        """Wait for the batch being sent, but not for a text centre that froze it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._results_saved.wait(), RESULTS_WAIT_SECONDS)
