"""After the database was set back: what Kafka still knows of what people were told, before anything is sent.

A text that was sent stays sent. One that was planned, and of which nothing more was told, may have been sent:
it becomes ambiguous, for a person to look at. One that Kafka never heard of is written and sent as usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.notification.domain.message import MessageState
from services.notification.store import published_states
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


@dataclass(slots=True)
class PublishedMessages:
    """The last that was told of each message."""

    last: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """Add the events of these records; those of one message are in order."""
        for event in decode_events(records, topic_specs.NOTIFICATION_RESULTS):
            self.last[event.data.message_id] = event

    def current_states(self) -> list[PublishedMessageState]:
        """Each message as it must stand from now on."""
        return [_published_state(event) for event in self.last.values()]


async def reconcile(topics: TopicAudit, *, dry_run: bool = False) -> ReconcileReport:
    """Lift the numbers, take over what became of each message, doubt what may have been sent."""
    observed, published = ObservedSequences(), PublishedMessages()
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
    """Messages of these ids (or all) told of before stand where they stood: neither sent nor announced."""
    at = await city_now(tx)
    restored = await published_states.restore_states(tx, ids)
    await audit_chain.append(
        tx, [_audit_line(root, id, state, reason, at) for root, id, state, reason in restored]
    )
    return len(restored)


def _audit_line(root: UUID, id: UUID, state: MessageState, reason: str | None, at: datetime) -> AuditLine:
    facts = {"message": str(id), "by": "reconcile", "reason": reason}
    return AuditLine(root, f"message.{state}", SELF, at, facts)


async def _mark_unresolved(tx: Tx) -> list[ManualRepair]:
    """What was planned when the backup was taken, and never heard of again."""
    unresolved = await published_states.list_unresolved(tx)
    at = await city_now(tx)
    ambiguous = [
        PublishedMessageState(
            message.event_ref,
            message.event,
            message.root_id,
            message.channel,
            message.id,
            MessageState.AMBIGUOUS,
            ANSWER_LOST,
            at,
        )
        for message in unresolved
    ]
    await published_states.save_published(tx, ambiguous)
    await restore_states(tx)
    return [
        ManualRepair("message_in_doubt", message.code, message.planned_at, message.channel, message.template)
        for message in unresolved
    ]


def _planned_only(published: PublishedMessages) -> list[ManualRepair]:
    """What was planned after the backup, and never heard of again."""
    return [
        ManualRepair("message_in_doubt", "", event.time, event.data.channel, _describe(event))
        for event in published.last.values()
        if event.data.state == MessageState.PLANNED
    ]


def _describe(event: Event) -> str:
    return f"{event.data.template}, root {event.key}"


def _published_state(event: Event) -> PublishedMessageState:
    result = event.data
    is_settled = MessageState(result.state) in SETTLED
    return PublishedMessageState(
        result.because_id,
        result.because,
        event.root,
        result.channel,
        result.message_id,
        MessageState(result.state) if is_settled else MessageState.AMBIGUOUS,
        result.reason if is_settled else ANSWER_LOST,
        result.at,
    )
