"""After the database was set back: what Kafka still knows of this door, before anything new is given out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.intake.domain.dossier.code import parse_code
from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.dossier.state import State
from services.intake.store import dossiers, lookups, submissions
from services.intake.usecases import events
from shared.db.transaction import Tx, city_now
from shared.events import dossier as wire
from shared.events import topics as wires
from shared.events.envelope import Event
from shared.messaging.record.records import Record
from shared.messaging.recovery.reconcile import ManualRepair, ReconcileReport, reconcile_transaction
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit, decode_events
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine
from shared.worktime import CountedDays

MARGIN = 100
"""Codes printed in the last moments may never have reached Kafka: so many serials a unit are passed over."""


@dataclass(slots=True)
class PublishedDossiers:
    """What the topic tells of dossiers: how each came in, and how it was decided."""

    submitted: dict[UUID, Event] = field(default_factory=dict)
    decided: dict[UUID, Event] = field(default_factory=dict)

    def add_event(self, records: Sequence[Record]) -> None:
        """More of the topic."""
        for event in decode_events(records, wires.DOSSIER_EVENTS):
            found = self.submitted if event.type == wire.SUBMITTED else self.decided
            found[event.root] = event


async def reconcile(topics: TopicAudit, *, margin: int = MARGIN, dry_run: bool = False) -> ReconcileReport:
    """Lift serials and numbers past what Kafka has, take over decisions it tells of, list what is lost."""
    seen, told = ObservedSequences(), PublishedDossiers()
    async for records in topics.scan(seen):
        told.add_event(records)
    async with reconcile_transaction(topics, seen, dry_run=dry_run) as (tx, report):
        if report.behind:
            report.settled["serials"] = await _lift_serials(tx, told, margin)
            report.settled["decisions"] = await _take_over(tx, list(told.decided.values()))
            report.left = await _lost(tx, told)
    return report


async def _lift_serials(tx: Tx, told: PublishedDossiers, margin: int) -> int:
    """Today's serial of every unit, and those of the days Kafka knows, go on behind all that were printed."""
    today = (await city_now(tx)).date()
    last: Counter[tuple[str, date]] = Counter(
        {(unit, today): serial for unit, serial in (await submissions.last_serials(tx, today)).items()}
    )
    for event in told.submitted.values():
        if (read := parse_code(event.data.code)) is not None:
            unit, day, serial = read
            last[unit, day] = max(last[unit, day], serial)
            last[unit, today] = max(last[unit, today], 0)
    await submissions.advance_serials(tx, {place: serial + margin for place, serial in last.items()})
    return len(last)


async def _take_over(tx: Tx, decided: Sequence[Event]) -> int:
    """Dossiers that wait here and were decided already: the decision stands as it was told."""
    known = await dossiers.lock(tx, [event.data.code for event in decided])
    pairs = [(known[event.data.code], event) for event in decided if event.data.code in known]
    changed = [(_decided(waits, event), event) for waits, event in pairs if waits.state is State.SUBMITTED]
    if changed:
        await dossiers.save_decisions(tx, [dossier for dossier, _ in changed])
        await audit_chain.append(tx, [_line(dossier, event) for dossier, event in changed])
    return len(changed)


def _decided(dossier: Dossier, event: Event) -> Dossier:
    said = event.data
    if event.type == wire.REFUSED:
        return replace(
            dossier,
            state=State.REFUSED,
            refused_at=said.refused_at,
            refused_reason=said.reason_code,
            refused_rule=said.rule,
        )
    version = event.procedure.version if event.procedure else dossier.version
    return replace(
        dossier,
        state=State.ACCEPTED,
        version=version,
        accepted_at=said.accepted_at,
        promised_due_at=said.promised_due_at,
        explanation=tuple(
            CountedDays(line.from_, line.to, line.counts, line.why, line.why_en) for line in said.explanation
        ),
    )


def _line(dossier: Dossier, event: Event) -> AuditLine:
    act = event.type.removesuffix(".v1")
    facts = {"code": dossier.code, "event": str(event.id), "by": "reconcile"}
    facts["promised_due_at"] = events.iso_text(dossier.promised_due_at) or ""
    return AuditLine(dossier.root_id, act, event.actor, event.time, facts)


async def _lost(tx: Tx, told: PublishedDossiers) -> list[ManualRepair]:
    """Dossiers Kafka knows and we do not: person, papers and secret are gone with the database."""
    here = await lookups.existing_ids(tx, list(told.submitted))
    gone = [event for root, event in told.submitted.items() if root not in here]
    return [
        ManualRepair(
            "dossier_lost", e.data.code, e.data.submitted_at, e.data.receiving_office, f"root {e.key}"
        )
        for e in sorted(gone, key=lambda event: event.data.code)
    ]
