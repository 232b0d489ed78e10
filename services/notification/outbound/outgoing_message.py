"""What is handed to a carrier."""

from dataclasses import dataclass
from uuid import UUID

from services.notification.domain.rendered_message import RenderedMessage


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message with its words, on its way."""

    id: UUID
    content: RenderedMessage
