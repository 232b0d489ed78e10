"""Notification's sending part on texts planned already: claimed, opened, sent, written down, told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from services.notification.inbound.delivery_worker import DeliveryWorker
from services.notification.inbound.receipts import ReceiptIntake
from services.notification.outbound.smpp import SmppCarrier, SmscSettings
from services.notification.store.leases import SenderLease
from services.notification.usecases.dialect_cache import DialectCache
from shared.db.pool import connect, create_pool
from shared.events.contacts import Contact
from shared.observability.logs import configure_logging
from shared.web.serve import freeze_gc
from tests.bench.program import Obey, obey
from tests.builders.notification import Office, dossiers


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`plan` writes texts; `send` hands all of them over and answers when each receipt is in the database."""
    configure_logging("notification", "json")
    pool = await create_pool(said["database"])
    keys = await create_pool(said["keyring"], min_size=1, max_size=4)
    watcher = await connect(said["database"], enable_seqscan="off")
    office, centre = Office(pool, keys), SmscSettings("127.0.0.1", said["port"], "motcua", "secret")
    await office.learn()

    freeze_gc()

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        if order["do"] == "plan":
            await _plan(office, order["count"])
            return {}
        receipts, dialects = ReceiptIntake("standard"), DialectCache("standard")
        carrier = SmppCarrier(centre, receipts.add, lambda: dialects.current)
        post = DeliveryWorker(
            pool,
            office.desk,
            [carrier],
            lease=SenderLease(said["database"]),
            receipts=receipts,
            dialects=dialects,
        )
        await post.start()
        try:
            async with asyncio.timeout(120):
                while not await _all_delivered(watcher):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            await post.stop()
        return {"count": order["count"]}

    try:
        yield act
    finally:
        await asyncio.gather(pool.close(), keys.close(), watcher.close())


async def _plan(office: Office, count: int) -> None:
    told = dossiers(count)
    for number, one in enumerate(told):  # a phone of one's own: texts to one phone go one by one
        await office.meet([one], Contact(phone=f"+849{number:08d}", email=None))
    await office.hear(*(one.opened() for one in told))
    while await office.write():
        pass


async def _all_delivered(watcher: asyncpg.Connection) -> bool:
    return not await watcher.fetchval(
        """SELECT EXISTS (SELECT FROM messages WHERE state = 'planned' AND channel = 'sms')
               OR EXISTS (SELECT FROM messages WHERE state = 'sending' AND claimed_by > 0)
               OR EXISTS (SELECT FROM messages WHERE state = 'sent' AND carrier_ref IS NOT NULL)"""
    )


if __name__ == "__main__":
    obey(main)
