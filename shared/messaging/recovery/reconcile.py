"""Repair of a restored database: its report, and its transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from shared.db.transaction import Tx, transaction
from shared.messaging.publish import published_positions
from shared.messaging.recovery import topic_audit
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit


@dataclass(frozen=True, slots=True)
class ManualRepair:
    """A repair that a person must do: what, for which dossier, since when, at which office."""

    what: str
    code: str
    at: datetime
    office: str
    detail: str = ""


@dataclass(slots=True)
class ReconcileReport:
    """One service's report. `raised_keys`: keys whose sequence number was behind Kafka."""

    service: str
    raised_keys: int = 0
    settled: dict[str, int] = field(default_factory=dict)
    manual_repairs: list[ManualRepair] = field(default_factory=list)


class _DryRun(Exception):
    """Rolls a dry run back."""


@asynccontextmanager
async def reconcile_transaction(
    topics: TopicAudit, observed: ObservedSequences, *, dry_run: bool
) -> AsyncIterator[tuple[Tx, ReconcileReport]]:
    """A transaction with advanced sequence numbers and stored positions, rolled back on a dry run."""
    report = ReconcileReport(topics.service)
    try:
        async with transaction(topics.pool) as tx:
            report.raised_keys = await topic_audit.advance_sequences(tx, observed.highest)
            await published_positions.save(tx, observed.ends)
            yield tx, report
            if dry_run:
                raise _DryRun
    except _DryRun:
        return
