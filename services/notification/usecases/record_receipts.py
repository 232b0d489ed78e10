"""Delivery receipts: told to their texts; one that overtakes the answer it belongs to is kept until then."""

from collections.abc import Sequence
from typing import TypeAlias

import asyncpg

from services.notification.domain.message import final_receipt_state
from services.notification.store import messages, receipts
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from shared.db.transaction import Tx, city_now, transaction
from shared.observability.logs import get_logger

log = get_logger(__name__)
UNMATCHED_AFTER_SECONDS = 600.0
Receipt: TypeAlias = tuple[str, str]
"""The text centre's reference, and the status it tells."""


async def record_receipts(pool: asyncpg.Pool, new_receipts: Sequence[Receipt]) -> None:
    """Tell the final ones of these to their texts; keep those whose text nobody knows yet.

    "Under way" says nothing new.
    """
    final = sorted({ref: status for ref, status in new_receipts if final_receipt_state(status)}.items())
    if not final:
        return
    async with transaction(pool) as tx:
        matched = await apply_receipts(tx, final)
        unmatched = [receipt for receipt in final if receipt[0] not in matched]
        if unmatched:
            await receipts.save_receipts(tx, unmatched)


async def match_receipts(tx: Tx, limit: int = 500) -> int:
    """Tell kept receipts to the messages they belong to; how many found theirs."""
    matching = await receipts.lock_matching(tx, limit)
    if matching:
        await apply_receipts(tx, matching)
        await receipts.delete_receipts(tx, [ref for ref, _ in matching])
    return len(matching)


async def apply_receipts(tx: Tx, new_receipts: Sequence[Receipt]) -> set[str]:
    """The texts these receipts are about come to their end; the references of those that did."""
    at = await city_now(tx)
    final = {ref: state for ref, status in new_receipts if (state := final_receipt_state(status))}
    delivered = await messages.record_receipts(tx, [(ref, *state) for ref, state in final.items()], at)
    await publish_transitions(tx, [MessageTransition(message, *final[ref]) for message, ref in delivered], at)
    return {ref for _, ref in delivered}


async def drop_unmatched(tx: Tx) -> None:
    """Receipts of no text of ours, dropped after a while and said so in the log."""
    unmatched = await receipts.delete_unmatched(tx, UNMATCHED_AFTER_SECONDS)
    if unmatched:
        log.warning("receipt.unknown", count=len(unmatched), first=unmatched[0])
