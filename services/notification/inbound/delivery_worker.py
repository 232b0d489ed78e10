"""Background loops: render and send messages, record receipts, find messages of crashed senders."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from services.notification.domain.channels.registry import CHANNELS
from services.notification.inbound.receipts import ReceiptBuffer
from services.notification.inbound.work_signal import WorkSignal
from services.notification.store.leases import LOCK_CLASS, SenderLease
from services.notification.usecases.record_receipts import drop_unmatched, match_receipts
from services.notification.usecases.render_messages import RenderContext, render_messages
from services.notification.usecases.send_due import Carrier, mark_abandoned_ambiguous, send_due
from shared.db.transaction import transaction
from shared.messaging.faults import retry_delays
from shared.observability.logs import get_logger

log = get_logger(__name__)
TICK_SECONDS = 0.5
ABANDONED_CHECK_SECONDS = 5.0
STOP_SECONDS = 20.0


class DeliveryWorker:
    """Runs every loop between a planned message and its receipt."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        context: RenderContext,
        carriers: Sequence[Carrier],
        *,
        lease: SenderLease,
        receipts: ReceiptBuffer,
    ) -> None:
        self._pool, self._context, self._carriers = pool, context, carriers
        self._lease, self._receipts = lease, receipts
        self._closing = asyncio.Event()
        self.notices = WorkSignal()
        self._send_wakeups = {carrier.channel: WorkSignal() for carrier in carriers}
        self._wakeups: list[WorkSignal] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Acquire the lease, mark messages of a crashed sender ambiguous, then start the loops."""
        await self._lease.acquire()
        await mark_abandoned_ambiguous(self._pool, LOCK_CLASS)
        loops: list[tuple[str, Callable[[], Awaitable[int]], WorkSignal, float]] = [
            ("write", self._render, self.notices, TICK_SECONDS),
            ("receipts", self._take_receipts, self._receipts.wakeup, TICK_SECONDS),
            ("match", self._match, WorkSignal(), TICK_SECONDS),
            ("doubt", self._check_abandoned, WorkSignal(), ABANDONED_CHECK_SECONDS),
        ]
        for carrier in self._carriers:
            wakeup = self._send_wakeups[carrier.channel]
            loops.append((f"send_{carrier.channel}", self._sender(carrier), wakeup, TICK_SECONDS))
        self._wakeups = [wakeup for _, _, wakeup, _ in loops]
        self._tasks = [asyncio.create_task(self._work(*loop), name=loop[0]) for loop in loops]

    async def stop(self) -> None:
        """Finish the current batches, then stop."""
        self._closing.set()
        for wakeup in self._wakeups:
            wakeup.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._flush_receipts()
        await self._lease.release()

    async def _flush_receipts(self) -> None:
        """Store receipts that came in while the loops ended: the text centre does not repeat them."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._receipts.flush(self._pool)
        except Exception as error:
            log.warning("receipts.lost", count=len(self._receipts), error=type(error).__name__)

    async def failure_reason(self) -> str | None:
        """Which loops have ended, for readiness; None while all run."""
        finished = [task.get_name() for task in self._tasks if task.done()]
        if not finished:
            return None
        return f"ended: {', '.join(finished)}"

    async def _work(
        self, name: str, step: Callable[[], Awaitable[int]], wakeup: WorkSignal, tick: float
    ) -> None:
        delays = retry_delays()
        while not self._closing.is_set():
            try:
                count = await step()
                delays = retry_delays()
            except Exception as error:
                log.warning(
                    "delivery.step_failed", part=name, error=type(error).__name__, detail=str(error)[:200]
                )
                await asyncio.sleep(next(delays))
                continue
            if not count:
                await wakeup.wait(tick)

    async def _render(self) -> int:
        count = await render_messages(self._pool, self._context)
        if count:
            for wakeup in self._send_wakeups.values():
                wakeup.set()
        return count

    def _sender(self, carrier: Carrier) -> Callable[[], Awaitable[int]]:
        pool, keyring = self._pool, self._context.keyring
        lease, receipts = self._lease, self._receipts

        async def send() -> int:
            await lease.acquire()
            return await send_due(pool, keyring, carrier, lease.number)

        async def send_texts() -> int:
            await lease.acquire()
            with receipts.collecting():
                return await send_due(pool, keyring, carrier, lease.number, receipts.pop_matching)

        if CHANNELS[carrier.channel].gives_receipts:
            return send_texts
        return send

    async def _take_receipts(self) -> int:
        return await self._receipts.flush(self._pool)

    async def _match(self) -> int:
        async with transaction(self._pool) as tx:
            return await match_receipts(tx)

    async def _check_abandoned(self) -> int:
        # Without the lease, after an outage, this would mark what this process is sending itself.
        await self._lease.acquire()
        async with transaction(self._pool) as tx:
            await drop_unmatched(tx)
        return await mark_abandoned_ambiguous(self._pool, LOCK_CLASS)
