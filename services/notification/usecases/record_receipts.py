"""Delivery receipts: kept first, since one may overtake the answer it belongs to, then told to its text."""

from collections.abc import Sequence

import asyncpg

from services.notification.domain.message import receipt
from services.notification.store import messages, receipts
from services.notification.usecases.announce import Step, announce
from shared.db.transaction import Tx, city_now, transaction
from shared.observability.logs import get_logger

log = get_logger(__name__)
STRANGER_AFTER_SECONDS = 600.0


async def record_receipts(pool: asyncpg.Pool, told: Sequence[tuple[str, str]]) -> None:
    """Keep the final ones of these receipts (reference, status); "under way" says nothing new."""
    final = list({ref: status for ref, status in told if receipt(status)}.items())
    if not final:
        return
    async with transaction(pool) as tx:
        await receipts.keep(tx, sorted(final))
        await match_receipts(tx)


async def match_receipts(tx: Tx, limit: int = 500) -> int:
    """Tell kept receipts to the messages they belong to; how many found theirs."""
    found = await receipts.matching(tx, None, limit)
    if not found:
        return 0
    at = await city_now(tx)
    told = [(ref, *final) for ref, status in found if (final := receipt(status))]
    delivered = await messages.deliver(tx, told, at)
    await receipts.forget(tx, [ref for ref, _ in found])
    await announce(tx, [Step(message, state, reason) for message, state, reason, _ in delivered], at)
    return len(found)


async def drop_strangers(tx: Tx) -> None:
    """Receipts of no text of ours, dropped after a while and said so in the log."""
    strangers = await receipts.forget_strangers(tx, STRANGER_AFTER_SECONDS)
    if strangers:
        log.warning("receipt.unknown", count=len(strangers), first=strangers[0])
