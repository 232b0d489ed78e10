"""The status of messaging in figures, for pages, probes and tests."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.messaging.consume.broker import Broker
from shared.observability import metrics

_FIGURES = """
SELECT (SELECT count(*) FROM outbox) AS outbox_rows,
       (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8
          FROM (SELECT created_at FROM outbox ORDER BY position LIMIT 1) AS oldest) AS outbox_age,
       (SELECT count(*) FROM held WHERE closed_at IS NULL) AS held,
       (SELECT count(*) FROM held WHERE closed_at IS NULL AND reason = 'conflict') AS conflicts,
       (SELECT count(*) FROM parked_keys) AS parked"""


@dataclass(frozen=True, slots=True)
class MessagingStatus:
    """The status of a service's messaging. `idle`: nothing to send, to read or in progress.

    `complaints` also names parties whose replies are not read; these do not affect `idle`.
    """

    outbox_rows: int
    outbox_age_seconds: float
    lag: dict[str, int]
    held: int
    parked: int
    idle: bool
    last_progress_at: datetime | None
    complaints: tuple[str, ...] = ()


async def status(pool: asyncpg.Pool, broker: Broker | None) -> MessagingStatus:
    """The status now. Sets the metrics too."""
    problems = broker.readiness_problems() if broker is not None else []
    unread = broker.unread_parties() if broker is not None else []
    lag = await broker.lag() if broker is not None else {}
    is_busy = broker is not None and broker.is_busy()
    row = await pool.fetchrow(_FIGURES)  # after the lag, to count what a batch published meanwhile
    if row is None:
        raise AssertionError("a SELECT of scalars has one row")
    _show(row)
    return MessagingStatus(
        outbox_rows=row["outbox_rows"],
        outbox_age_seconds=max(0.0, row["outbox_age"]),
        lag=lag or {},
        held=row["held"],
        parked=row["parked"],
        idle=not problems
        and not is_busy
        and row["outbox_rows"] == 0
        and lag is not None
        and not any(lag.values()),
        last_progress_at=broker.last_progress_at if broker is not None else None,
        complaints=(*problems, *unread, *_conflicts(row["conflicts"])),
    )


def _conflicts(count: int) -> list[str]:
    """The complaint about records that have the number or id of another."""
    return [f"held: {count} with the number or id of another record"] if count else []


def _show(row: asyncpg.Record) -> None:
    metrics.OUTBOX_ROWS.set(row["outbox_rows"])
    metrics.OUTBOX_AGE.set(max(0.0, row["outbox_age"]))
    metrics.HELD.set(row["held"])
    metrics.PARKED.set(row["parked"])
