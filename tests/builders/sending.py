"""Messages ready to go, and a carrier that takes everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notification.domain.delivery_receipt import RawReceipt, raw_receipt
from services.notification.domain.message import Outcome, SendAccepted
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.store import receipts as store
from services.notification.usecases.record_receipts import record_receipts
from shared.events.contacts import Contact
from tests.builders.notification import CaseEvents, Office, dossiers
from tests.builders.sinks import STANDARD


async def planned(
    office: Office, count: int = 1, contact: Contact | None = None, *, numbered: bool = False
) -> list[CaseEvents]:
    """So many submitted dossiers whose messages are ready to go; `numbered`: each has a phone of its own."""
    told = dossiers(count)
    if numbered:
        for n, each in enumerate(told):
            await office.meet([each], Contact(f"+84900000{n:03d}", None))
    else:
        await office.meet(told, contact or Contact("+84900000001", "vidu001@example.vn"))
    await office.hear(*(each.opened() for each in told))
    while await office.write():
        pass
    return told


async def record_all(office: Office, receipts: Sequence[RawReceipt]) -> int:
    """These receipts are stored, and recorded until nothing is left to do. Returns how many were."""
    await store.save_raw(office.pool, STANDARD.name, receipts)
    count = 0
    while recorded := await record_receipts(office.pool, STANDARD):
        count += recorded
    return count


def receipt_text(ref: str, state: str) -> RawReceipt:
    """A receipt that has only the text every centre writes."""
    return raw_receipt(f"id:{ref} sub:001 dlvrd:001 stat:{state} err:000 text:Ho so".encode(), [])


async def kept_problems(office: Office) -> list[str]:
    """Why receipts are kept for an operator, oldest first."""
    return [row["problem"] for row in reversed(await store.list_kept(office.pool))]


async def states(office: Office, channel: str) -> list[str]:
    return [state for _, of, state in await office.states() if of == channel]


@dataclass
class QuickCarrier:
    """Takes everything at once."""

    channel: str = "sms"
    batch: int = 500
    sent: list[OutgoingMessage] = field(default_factory=list)

    async def ensure_connected(self) -> bool:
        """Always."""
        return True

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Take them all."""
        self.sent += messages
        return [SendAccepted(str(message.id)) for message in messages]

    async def close(self) -> None:
        """Nothing to close."""
