"""A buffer for delivery receipts between the text centre and the database."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import asyncpg

from services.notification.inbound.work_signal import WorkSignal
from services.notification.usecases.record_receipts import Receipt, record_receipts

RECEIPTS_WAIT_SECONDS = 0.5
"""How long to wait for the batch being sent: its texts can be matched once its attempts are stored."""


class ReceiptBuffer:
    """Receipts that were acknowledged to the text centre and are not in the database yet."""

    def __init__(self) -> None:
        self.wakeup = WorkSignal()
        self._receipts: list[Receipt] = []
        self._results_saved = asyncio.Event()
        self._results_saved.set()

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Hold back `flush` while a batch is sent and its attempts are stored."""
        self._results_saved.clear()
        try:
            yield
        finally:
            self._results_saved.set()

    def __len__(self) -> int:
        return len(self._receipts)

    def add(self, ref: str, status: str) -> None:
        """Add a receipt."""
        self._receipts.append((ref, status))
        self.wakeup.set()

    def pop_matching(self, refs: Collection[str]) -> list[Receipt]:
        """Remove and return the receipts with these references."""
        matches = [receipt for receipt in self._receipts if receipt[0] in refs]
        self._receipts = [receipt for receipt in self._receipts if receipt[0] not in refs]
        return matches

    async def flush(self, pool: asyncpg.Pool, limit: int = 500) -> int:
        """Record buffered receipts once the batch being sent is stored. Returns their number.

        Puts them back if the database fails.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._results_saved.wait(), RECEIPTS_WAIT_SECONDS)
        receipts, self._receipts = self._receipts[:limit], self._receipts[limit:]
        try:
            await record_receipts(pool, receipts)
        except BaseException:
            self._receipts = receipts + self._receipts
            raise
        return len(receipts)
