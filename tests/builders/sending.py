"""Messages ready to go, and a carrier that takes everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notification.domain.message import Outcome, SendAccepted
from services.notification.outbound.outgoing_message import OutgoingMessage
from shared.events.contacts import Contact
from tests.builders.notification import CaseEvents, Office, dossiers


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
