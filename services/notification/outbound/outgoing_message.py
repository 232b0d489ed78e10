"""The message as a carrier gets it."""

from dataclasses import dataclass
from uuid import UUID

from services.notification.domain.rendered_message import RenderedMessage


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message with its words, on its way."""

    id: UUID
    content: RenderedMessage
