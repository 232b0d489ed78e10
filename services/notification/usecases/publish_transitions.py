"""Publish the transitions of messages: an audit line and an event each, without address and content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.message import MessageState
from services.notification.store.messages import Message
from shared.actor import system_actor
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx
from shared.events import topics
from shared.events.envelope import NewEvent
from shared.events.notices import NotificationResult, result_type
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

SELF = system_actor("notification")


@dataclass(frozen=True, slots=True)
class MessageTransition:
    """A message and its new state."""

    message: Message
    state: MessageState
    reason: str | None = None


async def publish_transitions(tx: Tx, transitions: Sequence[MessageTransition], at: datetime) -> None:
    """Write audit lines and events in a constant number of statements."""
    if not transitions:
        return
    async with pipeline(tx) as writes:
        await audit_chain.append(writes, [_audit_line(transition, at) for transition in transitions])
        await outbox.append_events(writes, [_result_event(transition, at) for transition in transitions])


def _audit_line(transition: MessageTransition, at: datetime) -> AuditLine:
    message = transition.message
    facts = {
        "message": str(message.id),
        "template": message.template,
        "channel": message.channel,
        "words": message.words_digest,
        "because": message.event_ref,
        "reason": transition.reason,
    }
    return AuditLine(message.root_id, f"message.{transition.state}", actor=SELF, at=at, facts=facts)


def _result_event(transition: MessageTransition, at: datetime) -> NewEvent:
    message = transition.message
    data = NotificationResult(
        message_id=message.id,
        template=message.template,
        channel=message.channel,
        state=str(transition.state),
        because=message.event,
        because_id=message.event_ref,
        at=at,
        encoding=message.encoding,
        segments=message.segments,
        reason=transition.reason,
    )
    return NewEvent(
        topic=topics.NOTIFICATION_RESULTS.name,
        key=str(message.root_id),
        type=result_type(str(transition.state)),
        data=data,
        actor=SELF,
        time=at,
        dossier_id=message.dossier_id,
        causation_id=message.event_ref,
        traceparent=message.traceparent,
    )
