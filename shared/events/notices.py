"""`notification.results`: the state of each message, without its text and address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationResult(Body):
    """The whole state of one message. `state`: planned, sent, delivered, failed, ambiguous, suppressed."""

    message_id: UUID
    template: str
    channel: str
    state: str
    because: str
    because_id: str
    at: datetime
    encoding: str | None = None
    segments: int | None = None
    reason: str | None = None


STATES = ("planned", "sent", "delivered", "failed", "ambiguous", "suppressed")


def result_type(state: str) -> str:
    """The event type of this state (`notification.sent.v1`)."""
    return f"notification.{state}.v1"
