"""After the database was set back: what Kafka still knows of this door, before anything new is given out."""

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
"""Codes printed in the last moments may never have reached Kafka: so many serials a unit are passed over."""


@dataclass(slots=True)
class PublishedDossiers:
    """What the topic tells of dossiers: how each came in, and how it was decided."""

    submitted: dict[UUID, Event] = field(default_factory=dict)
    decided: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """Add the events of these records."""
        for event in decode_events(records, topic_specs.DOSSIER_EVENTS):
            events_by_root = self.submitted if event.type == wire.SUBMITTED else self.decided
            events_by_root[event.root] = event


async def reconcile(topics: TopicAudit, *, margin: int = MARGIN, dry_run: bool = False) -> ReconcileReport:
    """Lift serials and numbers past what Kafka has, take over decisions it tells of, list what is lost."""
    observed, published = ObservedSequences(), PublishedDossiers()
    async for records in topics.scan(observed):
        published.add_event(records)
    async with reconcile_transaction(topics, observed, dry_run=dry_run) as (tx, report):
        if report.raised_keys:
            report.settled["serials"] = await _advance_serials(tx, published, margin)
            report.settled["decisions"] = await _apply_published_decisions(
                tx, list(published.decided.values())
            )
            report.manual_repairs = await _lost_dossiers(tx, published)
    return report


async def _advance_serials(tx: Tx, published: PublishedDossiers, margin: int) -> int:
    """Today's serial of every unit, and those of the days Kafka knows, go on behind all that were printed."""
    today = (await city_now(tx)).date()
    last: Counter[tuple[str, date]] = Counter(
        {(unit, today): serial for unit, serial in (await submissions.last_serials(tx, today)).items()}
    )
    for event in published.submitted.values():
        if (code_parts := parse_code(event.data.code)) is not None:
            unit, day, serial = code_parts
            last[unit, day] = max(last[unit, day], serial)
            last[unit, today] = max(last[unit, today], 0)
    await submissions.advance_serials(tx, {unit_day: serial + margin for unit_day, serial in last.items()})
    return len(last)


async def _apply_published_decisions(tx: Tx, decided: Sequence[Event]) -> int:
    """Dossiers that wait here and were decided already: the decision stands as it was told."""
    locked = await dossiers.lock(tx, [event.data.code for event in decided])
    pairs = [(locked[event.data.code], event) for event in decided if event.data.code in locked]
    changed = [
        (_decided_dossier(dossier, event), event)
        for dossier, event in pairs
        if dossier.state is State.SUBMITTED
    ]
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
    return AuditLine(dossier.root_id, act, event.actor, event.time, facts)


async def _lost_dossiers(tx: Tx, published: PublishedDossiers) -> list[ManualRepair]:
    """Dossiers Kafka knows and we do not: person, papers and secret are gone with the database."""
    existing_roots = await lookups.existing_ids(tx, list(published.submitted))
    missing_events = [event for root, event in published.submitted.items() if root not in existing_roots]
    return [
        ManualRepair(
            "dossier_lost",
            event.data.code,
            event.data.submitted_at,
            event.data.receiving_office,
            f"root {event.key}",
        )
        for event in sorted(missing_events, key=lambda event: event.data.code)
    ]
