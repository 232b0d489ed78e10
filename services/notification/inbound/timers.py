"""What goes on by itself: writing, sending, receipts, doubts about the dead. Woken by a bell or a tick."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from services.notification.domain.message import SMS
from services.notification.inbound.bell import Bell
from services.notification.inbound.receipts import Receipts
from services.notification.store.leases import LOCK_CLASS, Lease
from services.notification.usecases.record_receipts import drop_strangers, match_receipts
from services.notification.usecases.send_ready import Carrier, doubt_abandoned, send_ready
from services.notification.usecases.write_messages import Desk, write_messages
from shared.db.transaction import transaction
from shared.messaging.faults import pauses
from shared.observability.logs import get_logger

log = get_logger(__name__)
TICK_SECONDS = 0.5
DOUBT_SECONDS = 5.0
STOP_SECONDS = 20.0


class Post:
    """The working part of notification: everything between a planned message and its receipt."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        desk: Desk,
        carriers: Sequence[Carrier],
        *,
        lease: Lease,
        receipts: Receipts,
    ) -> None:
        self._pool, self._desk, self._carriers = pool, desk, carriers
        self._lease, self._receipts = lease, receipts
        self._closing = asyncio.Event()
        self.notices = Bell()
        self._due = {carrier.channel: Bell() for carrier in carriers}
        self._bells: list[Bell] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Hold the lease, doubt what the last process left in the air, then begin."""
        await self._lease.hold()
        await doubt_abandoned(self._pool, LOCK_CLASS)
        acts: list[tuple[str, Callable[[], Awaitable[int]], Bell, float]] = [
            ("write", self._write, self.notices, TICK_SECONDS),
            ("receipts", self._take_receipts, self._receipts.bell, TICK_SECONDS),
            ("match", self._match, Bell(), TICK_SECONDS),
            ("doubt", self._doubt, Bell(), DOUBT_SECONDS),
        ]
        for carrier in self._carriers:
            bell = self._due[carrier.channel]
            acts.append((f"send_{carrier.channel}", self._sender(carrier), bell, TICK_SECONDS))
        self._bells = [bell for _, _, bell, _ in acts]
        self._tasks = [asyncio.create_task(self._work(*act), name=act[0]) for act in acts]

    async def stop(self) -> None:
        """Finish the batches under way, then leave."""
        self._closing.set()
        for bell in self._bells:
            bell.ring()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._last_receipts()
        await self._lease.release()

    async def _last_receipts(self) -> None:
        """What came in while the parts were ending: the text centre will not tell it again."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._receipts.store(self._pool)
        except Exception as why:
            log.warning("receipt.lost", count=len(self._receipts), error=type(why).__name__)

    def stopped(self) -> str | None:
        """One sentence when a part has ended that should go on."""
        ended = [task.get_name() for task in self._tasks if task.done()]
        return f"ended: {', '.join(ended)}" if ended else None

    async def _work(self, name: str, act: Callable[[], Awaitable[int]], bell: Bell, tick: float) -> None:
        waits = pauses()
        while not self._closing.is_set():
            try:
                done = await act()
                waits = pauses()
            except Exception as why:
                log.warning("post.waits", part=name, error=type(why).__name__, detail=str(why)[:200])
                await asyncio.sleep(next(waits))
                continue
            if not done:
                await bell.wait(tick)

    async def _write(self) -> int:
        written = await write_messages(self._pool, self._desk)
        if written:
            for bell in self._due.values():
                bell.ring()
        return written

    def _sender(self, carrier: Carrier) -> Callable[[], Awaitable[int]]:
        pool, keyring, lease, receipts = self._pool, self._desk.keyring, self._lease, self._receipts

        async def send() -> int:
            await lease.hold()
            return await send_ready(pool, keyring, carrier, lease.number)

        async def send_texts() -> int:
            await lease.hold()
            with receipts.of_a_batch():
                return await send_ready(pool, keyring, carrier, lease.number, receipts.given_away)

        return send_texts if carrier.channel == SMS else send

    async def _take_receipts(self) -> int:
        return await self._receipts.store(self._pool)

    async def _match(self) -> int:
        async with transaction(self._pool) as tx:
            return await match_receipts(tx)

    async def _doubt(self) -> int:
        await self._lease.hold()  # else, after an outage, we would doubt what we are just sending ourselves
        async with transaction(self._pool) as tx:
            await drop_strangers(tx)
        return await doubt_abandoned(self._pool, LOCK_CLASS)
