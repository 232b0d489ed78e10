"""After the database was set back: what Kafka still knows of what people were told, before anything is sent.

A text that was sent stays sent. One that was planned, and of which nothing more was told, may have been sent:
it becomes ambiguous, for a person to look at. One that Kafka never heard of is written and sent as usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.notification.domain.message import State
from services.notification.store import told_before
from services.notification.store.told_before import SETTLED, Told
from services.notification.usecases.announce import SELF
from shared.db.transaction import Tx, city_now
from shared.events import topics as wires
from shared.events.envelope import Event
from shared.messaging.beyond import OwnTopics, Seen, readable
from shared.messaging.level import Left, Report, levelling
from shared.messaging.records import Record
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

DOUBT = "the_database_was_set_back_before_the_answer"


@dataclass(slots=True)
class Heard:
    """The last that was told of each message."""

    last: dict[UUID, Event] = field(default_factory=dict)

    def add(self, records: Sequence[Record]) -> None:
        """More of the topic; records of one message come in their order."""
        for event in readable(records, wires.NOTIFICATION_RESULTS):
            self.last[event.data.message_id] = event

    def told(self) -> list[Told]:
        """Each message as it must stand from now on."""
        return [_told(event) for event in self.last.values()]


async def reconcile(topics: OwnTopics, *, dry_run: bool = False) -> Report:
    """Lift the numbers, take over what became of each message, doubt what may have been sent."""
    seen, heard = Seen(), Heard()
    async for records in topics.read(seen):
        heard.add(records)
    async with levelling(topics, seen, dry_run=dry_run) as (tx, report):
        if report.behind:
            await told_before.keep(tx, heard.told())
            report.settled["messages"] = await settle(tx)
            report.settled["told_before"] = len(heard.last)
            report.left = [*await _doubt(tx), *_in_doubt(heard)]
    return report


async def settle(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Messages of these ids (or all) told of before stand where they stood: neither sent nor announced."""
    at = await city_now(tx)
    settled = await told_before.settle(tx, ids)
    await audit_chain.append(tx, [_line(root, id, state, why, at) for root, id, state, why in settled])
    return len(settled)


def _line(root: UUID, id: UUID, state: State, why: str | None, at: datetime) -> AuditLine:
    facts = {"message": str(id), "by": "reconcile", "reason": why}
    return AuditLine(root, f"message.{state}", SELF, at, facts)


async def _doubt(tx: Tx) -> list[Left]:
    """What was planned when the backup was taken, and never heard of again."""
    left = await told_before.unsettled(tx)
    at = await city_now(tx)
    doubted = [
        Told(m.event_ref, m.event, m.root_id, m.channel, m.id, State.AMBIGUOUS, DOUBT, at) for m in left
    ]
    await told_before.keep(tx, doubted)
    await settle(tx)
    return [Left("message_in_doubt", m.code, m.planned_at, m.channel, m.template) for m in left]


def _in_doubt(heard: Heard) -> list[Left]:
    """What was planned after the backup, and never heard of again."""
    return [
        Left("message_in_doubt", "", event.time, event.data.channel, _about(event))
        for event in heard.last.values()
        if event.data.state == State.PLANNED
    ]


def _about(event: Event) -> str:
    return f"{event.data.template}, root {event.key}"


def _told(event: Event) -> Told:
    said = event.data
    known = State(said.state) in SETTLED
    return Told(
        said.because_id,
        said.because,
        event.root,
        said.channel,
        said.message_id,
        State(said.state) if known else State.AMBIGUOUS,
        said.reason if known else DOUBT,
        said.at,
    )
