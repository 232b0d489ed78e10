"""`notification.results`: the state of each message, without its text and address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from shared.events.body import Body
from shared.text_fields import Choice, Code, EventName, Prose, Reference

STATES = ("planned", "sent", "delivered", "failed", "ambiguous", "suppressed")
MessageState = Annotated[str, Choice(STATES)]
Encoding = Annotated[str, Choice(("gsm7", "ucs2"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationResult(Body):
    """The whole state of one message. `state`: planned, sent, delivered, failed, ambiguous, suppressed."""

    message_id: UUID
    template: Code
    channel: Code
    state: MessageState
    because: EventName
    because_id: Reference
    at: datetime
    encoding: Encoding | None = None
    segments: int | None = None
    reason: Prose | None = None


def result_type(state: str) -> str:
    """The event type of this state (`notification.sent.v1`)."""
    return f"notification.{state}.v1"
