"""Whether receipts still match the texts that were sent, for readiness and the operators' page."""

from dataclasses import dataclass

import asyncpg

from services.notification.store import receipts
from shared.db.transaction import Tx

OVERDUE_SECONDS = 60.0
MANY = 10
"""From so many receipts on, a share says something about the centre and not about one text."""
STOPPED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ReceiptHealth:
    """Receipts of the last hour, and those among them that match no text or cannot be read."""

    all: int
    unmatched: int

    @property
    def has_stopped(self) -> bool:
        """Whether so many match no text that the centre must write them otherwise than we read them."""
        return self.unmatched >= MANY and self.unmatched >= STOPPED_SHARE * self.all


async def receipt_health(tx: Tx | asyncpg.Pool) -> ReceiptHealth:
    """The figures of the last hour."""
    counts = await receipts.count_last_hour(tx, OVERDUE_SECONDS)
    return ReceiptHealth(all=counts["all"], unmatched=counts["unmatched"])


async def receipt_complaint(pool: asyncpg.Pool) -> str | None:
    """The sentence for readiness; None while every receipt finds its text."""
    health = await receipt_health(pool)
    if health.has_stopped:
        return (
            f"{health.unmatched} of {health.all} receipts of the last hour match no text: "
            "is MOTCUA_SMPP_CARRIER the right carrier? see /messages"
        )
    if health.unmatched:
        return (
            f"{health.unmatched} of {health.all} receipts of the last hour could not be used: see /messages"
        )
    return None
