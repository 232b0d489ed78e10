"""Repair of intake after a database restore, from the events that Kafka still has."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.intake.domain.dossier.code import parse_code
from services.intake.domain.dossier.dossier import Dossier
from services.intake.store import dossiers, lookups, submissions
from services.intake.usecases import events
from shared.db.transaction import Tx, city_now
from shared.events import dossier as wire
from shared.events import topics as topic_specs
from shared.events.envelope import Event
from shared.messaging.record.records import Record
from shared.messaging.recovery.reconcile import ManualRepair, ReconcileReport, reconcile_transaction
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit, decode_events
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine
from shared.states import State

MARGIN = 100
"""Serials skipped per unit: codes printed shortly before the failure may be missing from Kafka."""


@dataclass(slots=True)
class PublishedDossiers:
    """The published events of submission and decision, by root dossier."""

    submitted: dict[UUID, Event] = field(default_factory=dict)
    decided: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """Add the events of these records."""
        for event in decode_events(records, topic_specs.DOSSIER_EVENTS):
            if event.type == wire.SUBMITTED:
                self.submitted[event.root] = event
            else:
                self.decided[event.root] = event


async def reconcile(topics: TopicAudit, *, margin: int = MARGIN, dry_run: bool = False) -> ReconcileReport:
    """Advance serials and sequences past those in Kafka, apply published decisions, list lost dossiers.

    `margin`: serials to skip per unit. `dry_run`: roll everything back and only report.
    """
    observed = ObservedSequences()
    published = PublishedDossiers()
    async for records in topics.scan(observed):
        published.add_event(records)
    async with reconcile_transaction(topics, observed, dry_run=dry_run) as (tx, report):
        if report.raised_keys:
            report.settled["serials"] = await _advance_serials(tx, published, margin)
            decisions = list(published.decided.values())
            report.settled["decisions"] = await _apply_published_decisions(tx, decisions)
            report.manual_repairs = await _lost_dossiers(tx, published)
    return report


async def _advance_serials(tx: Tx, published: PublishedDossiers, margin: int) -> int:
    """Advance the serials of today and of all days in Kafka past every printed code. Returns their number."""
    today = (await city_now(tx)).date()
    last: Counter[tuple[str, date]] = Counter()
    for unit, serial in (await submissions.last_serials(tx, today)).items():
        last[unit, today] = serial
    for event in published.submitted.values():
        code_parts = parse_code(event.data.code)
        if code_parts is not None:
            unit, day, serial = code_parts
            last[unit, day] = max(last[unit, day], serial)
            last[unit, today] = max(last[unit, today], 0)
    await submissions.advance_serials(tx, {unit_day: serial + margin for unit_day, serial in last.items()})
    return len(last)


async def _apply_published_decisions(tx: Tx, decided: Sequence[Event]) -> int:
    """Apply the published decision to each dossier that waits here. Returns how many changed."""
    locked = await dossiers.lock(tx, [event.data.code for event in decided])
    changed: list[tuple[Dossier, Event]] = []
    for event in decided:
        dossier = locked.get(event.data.code)
        if dossier is not None and dossier.state is State.SUBMITTED:
            changed.append((_decided_dossier(dossier, event), event))
    if changed:
        await dossiers.save_decisions(tx, [dossier for dossier, _ in changed])
        await audit_chain.append(tx, [_audit_line(dossier, event) for dossier, event in changed])
    return len(changed)


def _decided_dossier(dossier: Dossier, event: Event) -> Dossier:
    data = event.data
    if event.type == wire.REFUSED:
        return replace(
            dossier,
            state=State.REFUSED,
            refused_at=data.refused_at,
            refused_reason=data.reason_code,
            refused_rule=data.rule,
        )
    version = event.procedure.version if event.procedure else dossier.version
    return replace(
        dossier,
        state=State.ACCEPTED,
        version=version,
        accepted_at=data.accepted_at,
        promised_due_at=data.promised_due_at,
        explanation=data.explanation,
    )


def _audit_line(dossier: Dossier, event: Event) -> AuditLine:
    act = event.type.removesuffix(".v1")
    facts = {"code": dossier.code, "event": str(event.id), "by": "reconcile"}
    facts["promised_due_at"] = events.iso_text(dossier.promised_due_at) or ""
    return AuditLine(dossier.root_id, act, actor=event.actor, at=event.time, facts=facts)


async def _lost_dossiers(tx: Tx, published: PublishedDossiers) -> list[ManualRepair]:
    """Dossiers in Kafka that the database lost, with person, papers and secret."""
    existing_roots = await lookups.existing_ids(tx, list(published.submitted))
    lost = [event for root, event in published.submitted.items() if root not in existing_roots]
    lost.sort(key=lambda event: event.data.code)
    return [_manual_repair(event) for event in lost]


def _manual_repair(event: Event) -> ManualRepair:
    return ManualRepair(
        what="dossier_lost",
        code=event.data.code,
        at=event.data.submitted_at,
        office=event.data.receiving_office,
        detail=f"root {event.key}",
    )
