"""What making a set-back database level again did, and what it leaves to a person."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from shared.db.transaction import Tx, transaction
from shared.messaging import beyond, published
from shared.messaging.beyond import OwnTopics, Seen


@dataclass(frozen=True, slots=True)
class Left:
    """Something only a person can settle: what it is, of which dossier, since when, and at which office."""

    what: str
    code: str
    at: datetime
    office: str
    detail: str = ""


@dataclass(slots=True)
class Report:
    """One service's part. `behind`: keys of which Kafka had numbers the database never gave."""

    service: str
    behind: int = 0
    settled: dict[str, int] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)


class _Rehearsed(Exception):
    """Undoes what was only tried."""


@asynccontextmanager
async def levelling(topics: OwnTopics, seen: Seen, *, dry_run: bool) -> AsyncIterator[tuple[Tx, Report]]:
    """A transaction with the numbers lifted and the positions noted; nothing of it stays on a dry run."""
    report = Report(topics.service)
    try:
        async with transaction(topics.pool) as tx:
            report.behind = await beyond.lift(tx, seen.highest)
            await published.save(tx, seen.ends)
            yield tx, report
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        return
