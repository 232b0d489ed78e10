"""Messages written to the service's log."""

from collections.abc import Sequence

from services.notification.domain.channels.console import CONSOLE
from services.notification.domain.message import Outcome, SendAccepted
from services.notification.domain.rendered_message import mask_address
from services.notification.outbound.outgoing_message import OutgoingMessage
from shared.observability.logs import get_logger

log = get_logger(__name__)


class ConsoleCarrier:
    """One log line a message; it is never away and never refuses."""

    channel = CONSOLE.name
    batch = 100

    async def ensure_connected(self) -> bool:
        """There is nothing to connect to."""
        return True

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Write each; the address is masked, as on the operators' page."""
        for message in messages:
            log.info(
                "message.written",
                message=str(message.id),
                addressee=mask_address(message.content.to),
                content=message.content.text,
            )
        return [SendAccepted() for _ in messages]

    async def close(self) -> None:
        """There is nothing to close."""
