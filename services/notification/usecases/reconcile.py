"""Repair of notification after a database restore, from the results that Kafka still has.

A message published as sent stays sent. One published only as planned may have been sent: it becomes
ambiguous, for a person to look at. One that was never published is rendered and sent as usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.notification.domain.message import MessageState
from services.notification.store import published_states
from services.notification.store.messages import Message
from services.notification.store.published_states import SETTLED, PublishedMessageState
from services.notification.usecases.publish_transitions import SELF
from shared.db.transaction import Tx, city_now
from shared.events import topics as topic_specs
from shared.events.envelope import Event
from shared.messaging.record.records import Record
from shared.messaging.recovery.reconcile import ManualRepair, ReconcileReport, reconcile_transaction
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit, decode_events
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

ANSWER_LOST = "the_database_was_set_back_before_the_answer"
IN_DOUBT = "message_in_doubt"


@dataclass(slots=True)
class PublishedMessages:
    """The last published result of each message."""

    last: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """Add the events of these records; those of one message come in order."""
        for event in decode_events(records, topic_specs.NOTIFICATION_RESULTS):
            self.last[event.data.message_id] = event

    def current_states(self) -> list[PublishedMessageState]:
        """The state that each message must have from now on."""
        return [_published_state(event) for event in self.last.values()]


async def reconcile(topics: TopicAudit, *, dry_run: bool = False) -> ReconcileReport:
    """Advance sequences past those in Kafka, restore published states, list messages in doubt.

    `dry_run`: roll everything back and only report.
    """
    observed = ObservedSequences()
    published = PublishedMessages()
    async for records in topics.scan(observed):
        published.add_event(records)
    async with reconcile_transaction(topics, observed, dry_run=dry_run) as (tx, report):
        if report.raised_keys:
            await published_states.save_published(tx, published.current_states())
            report.settled["messages"] = await restore_states(tx)
            report.settled["told_before"] = len(published.last)
            report.manual_repairs = [*await _mark_unresolved(tx), *_planned_only(published)]
    return report


async def restore_states(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Give messages (None: all) their published state, without sending or publishing again."""
    at = await city_now(tx)
    restored = await published_states.restore_states(tx, ids)
    lines: list[AuditLine] = []
    for root, id, state, reason in restored:
        facts = {"message": str(id), "by": "reconcile", "reason": reason}
        lines.append(AuditLine(root, f"message.{state}", actor=SELF, at=at, facts=facts))
    await audit_chain.append(tx, lines)
    return len(restored)


async def _mark_unresolved(tx: Tx) -> list[ManualRepair]:
    """Mark messages ambiguous that the backup has as planned and that no result was published of."""
    unresolved = await published_states.list_unresolved(tx)
    at = await city_now(tx)
    ambiguous = [_ambiguous_state(message, at) for message in unresolved]
    await published_states.save_published(tx, ambiguous)
    await restore_states(tx)
    return [
        ManualRepair(IN_DOUBT, message.code, message.planned_at, message.channel, detail=message.template)
        for message in unresolved
    ]


def _ambiguous_state(message: Message, at: datetime) -> PublishedMessageState:
    return PublishedMessageState(
        event_ref=message.event_ref,
        event=message.event,
        root_id=message.root_id,
        channel=message.channel,
        message_id=message.id,
        state=MessageState.AMBIGUOUS,
        reason=ANSWER_LOST,
        at=at,
    )


def _planned_only(published: PublishedMessages) -> list[ManualRepair]:
    """Messages that were planned after the backup and that no other result was published of."""
    repairs: list[ManualRepair] = []
    for event in published.last.values():
        if event.data.state == MessageState.PLANNED:
            detail = f"{event.data.template}, root {event.key}"
            repairs.append(ManualRepair(IN_DOUBT, "", event.time, event.data.channel, detail=detail))
    return repairs


def _published_state(event: Event) -> PublishedMessageState:
    result = event.data
    state = MessageState(result.state)
    reason = result.reason
    if state not in SETTLED:
        state = MessageState.AMBIGUOUS
        reason = ANSWER_LOST
    return PublishedMessageState(
        event_ref=result.because_id,
        event=result.because,
        root_id=event.root,
        channel=result.channel,
        message_id=result.message_id,
        state=state,
        reason=reason,
        at=result.at,
    )
