"""Background loops: render and send messages, store and record receipts, find messages of crashed senders."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from services.notification.domain.channels.registry import CHANNELS
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.inbound.work_signal import WorkSignal
from services.notification.store.leases import LOCK_CLASS, SenderLease
from services.notification.usecases.dialect_cache import DialectCache
from services.notification.usecases.record_receipts import match_receipts, record_receipts, tidy_receipts
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
        receipts: ReceiptIntake,
        dialects: DialectCache,
    ) -> None:
        self._pool, self._context, self._carriers = pool, context, carriers
        self._lease, self._receipts, self._dialects = lease, receipts, dialects
        self._closing, self._carriers_closed = asyncio.Event(), asyncio.Event()
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
            ("receipts_in", self._store_receipts, self._receipts.arrived, TICK_SECONDS),
            ("receipts", self._record_receipts, self._receipts.stored, TICK_SECONDS),
            ("match", self._match, WorkSignal(), TICK_SECONDS),
            ("doubt", self._check_abandoned, WorkSignal(), ABANDONED_CHECK_SECONDS),
        ]
        for carrier in self._carriers:
            wakeup = self._send_wakeups[carrier.channel]
            loops.append((f"send_{carrier.channel}", self._sender(carrier), wakeup, TICK_SECONDS))
        self._wakeups = [wakeup for _, _, wakeup, _ in loops]
        self._tasks = [asyncio.create_task(self._work(*loop), name=loop[0]) for loop in loops]

    async def stop(self) -> None:
        """Finish the current batches, close the carriers, and store the last receipts.

        The text centre does not repeat what was acknowledged: carriers hand on what they have, then end.
        """
        self._closing.set()
        for wakeup in self._wakeups:
            wakeup.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        storing = asyncio.create_task(self._store_until_empty())
        for carrier in self._carriers:
            await carrier.close()
        self._carriers_closed.set()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await storing
                await self._record_receipts()
        except Exception as error:
            log.warning("receipts.lost", count=len(self._receipts), error=type(error).__name__)
        await self._lease.release()

    async def _store_until_empty(self) -> None:
        """Store receipts while the carriers close, and what is left after that."""
        delays = retry_delays()
        while len(self._receipts) or not self._carriers_closed.is_set():
            try:
                await self._receipts.store(self._pool)
                await asyncio.sleep(0.02)
            except Exception as error:
                log.warning("delivery.step_failed", part="receipts_in", error=type(error).__name__)
                await asyncio.sleep(next(delays))

    async def failure_reason(self) -> str | None:
        """Which loops have ended, for readiness; None while all run."""
        finished = [task.get_name() for task in self._tasks if task.done()]
        if not finished:
            return None
        return f"ended: {', '.join(finished)}"

    async def carrier_problem(self, pool: asyncpg.Pool) -> str | None:
        """Why no text can be sent, for readiness; None if texts can, or are switched off."""
        if not any(CHANNELS[carrier.channel].gives_receipts for carrier in self._carriers):
            return None
        return await self._dialects.unavailable_reason(pool)

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
            dialect = await self._dialects.refresh(pool)
            with receipts.collecting():
                return await send_due(pool, keyring, carrier, lease.number, dialect)

        if CHANNELS[carrier.channel].gives_receipts:
            return send_texts
        return send

    async def _store_receipts(self) -> int:
        return await self._receipts.store(self._pool)

    async def _record_receipts(self) -> int:
        await self._receipts.wait_for_results()
        dialect = await self._dialects.refresh(self._pool)
        if dialect is None:
            return 0
        return await record_receipts(self._pool, dialect)

    async def _match(self) -> int:
        async with transaction(self._pool) as tx:
            return await match_receipts(tx)

    async def _check_abandoned(self) -> int:
        # Without the lease, after an outage, this would mark what this process is sending itself.
        await self._lease.acquire()
        async with transaction(self._pool) as tx:
            await tidy_receipts(tx)
        return await mark_abandoned_ambiguous(self._pool, LOCK_CLASS)
