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

DOUBT = "the_database_was_set_back_before_the_answer"


@dataclass(slots=True)
class PublishedMessages:
    """The last that was told of each message."""

    last: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """More of the topic; records of one message come in their order."""
        for event in decode_events(records, topic_specs.NOTIFICATION_RESULTS):
            self.last[event.data.message_id] = event

    def current_states(self) -> list[PublishedMessageState]:
        """Each message as it must stand from now on."""
        return [_told(event) for event in self.last.values()]


async def reconcile(topics: TopicAudit, *, dry_run: bool = False) -> ReconcileReport:
    """Lift the numbers, take over what became of each message, doubt what may have been sent."""
    seen, heard = ObservedSequences(), PublishedMessages()
    async for records in topics.scan(seen):
        heard.add_event(records)
    async with reconcile_transaction(topics, seen, dry_run=dry_run) as (tx, report):
        if report.behind:
            await published_states.save_published(tx, heard.current_states())
            report.settled["messages"] = await restore_states(tx)
            report.settled["told_before"] = len(heard.last)
            report.left = [*await _doubt(tx), *_in_doubt(heard)]
    return report


async def restore_states(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Messages of these ids (or all) told of before stand where they stood: neither sent nor announced."""
    at = await city_now(tx)
    settled = await published_states.restore_states(tx, ids)
    await audit_chain.append(tx, [_line(root, id, state, why, at) for root, id, state, why in settled])
    return len(settled)


def _line(root: UUID, id: UUID, state: MessageState, why: str | None, at: datetime) -> AuditLine:
    facts = {"message": str(id), "by": "reconcile", "reason": why}
    return AuditLine(root, f"message.{state}", SELF, at, facts)


async def _doubt(tx: Tx) -> list[ManualRepair]:
    """What was planned when the backup was taken, and never heard of again."""
    left = await published_states.list_unresolved(tx)
    at = await city_now(tx)
    doubted = [
        PublishedMessageState(
            m.event_ref, m.event, m.root_id, m.channel, m.id, MessageState.AMBIGUOUS, DOUBT, at
        )
        for m in left
    ]
    await published_states.save_published(tx, doubted)
    await restore_states(tx)
    return [ManualRepair("message_in_doubt", m.code, m.planned_at, m.channel, m.template) for m in left]


def _in_doubt(heard: PublishedMessages) -> list[ManualRepair]:
    """What was planned after the backup, and never heard of again."""
    return [
        ManualRepair("message_in_doubt", "", event.time, event.data.channel, _about(event))
        for event in heard.last.values()
        if event.data.state == MessageState.PLANNED
    ]


def _about(event: Event) -> str:
    return f"{event.data.template}, root {event.key}"


def _told(event: Event) -> PublishedMessageState:
    said = event.data
    known = MessageState(said.state) in SETTLED
    return PublishedMessageState(
        said.because_id,
        said.because,
        event.root,
        said.channel,
        said.message_id,
        MessageState(said.state) if known else MessageState.AMBIGUOUS,
        said.reason if known else DOUBT,
        said.at,
    )
