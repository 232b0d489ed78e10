"""Record delivery receipts. One that comes before its message is stored as sent is kept for later."""

from collections.abc import Sequence
from typing import TypeAlias

import asyncpg

from services.notification.domain.message import MessageState, final_receipt_state
from services.notification.store import messages, receipts
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from shared.db.transaction import Tx, city_now, transaction
from shared.observability.logs import get_logger

log = get_logger(__name__)
UNMATCHED_AFTER_SECONDS = 600.0
Receipt: TypeAlias = tuple[str, str]
"""The text centre's reference, and the status."""


async def record_receipts(pool: asyncpg.Pool, new_receipts: Sequence[Receipt]) -> None:
    """Apply the final receipts to their messages, and store those whose message is not known yet.

    Intermediate statuses are ignored.
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
    """Apply stored receipts to messages that are known by now. Returns their number."""
    matching = await receipts.lock_matching(tx, limit)
    if matching:
        await apply_receipts(tx, matching)
        await receipts.delete_receipts(tx, [ref for ref, _ in matching])
    return len(matching)


async def apply_receipts(tx: Tx, new_receipts: Sequence[Receipt]) -> set[str]:
    """Give messages the final state of their receipts. Returns the references of those that changed."""
    at = await city_now(tx)
    final = final_states(new_receipts)
    rows = [(ref, state, reason) for ref, (state, reason) in final.items()]
    settled = await messages.record_receipts(tx, rows, at)
    transitions = [MessageTransition(message, *final[ref]) for message, ref in settled]
    await publish_transitions(tx, transitions, at)
    return {ref for _, ref in settled}


def final_states(new_receipts: Sequence[Receipt]) -> dict[str, tuple[MessageState, str | None]]:
    """Final state and reason by reference, of the receipts that have one."""
    final: dict[str, tuple[MessageState, str | None]] = {}
    for ref, status in new_receipts:
        state = final_receipt_state(status)
        if state is not None:
            final[ref] = state
    return final


async def drop_unmatched(tx: Tx) -> None:
    """Delete stored receipts that match no message after a while, and log them."""
    unmatched = await receipts.delete_unmatched(tx, UNMATCHED_AFTER_SECONDS)
    if unmatched:
        log.warning("receipts.unmatched", count=len(unmatched), first=unmatched[0])
