"""The check before a service opens that Kafka has no events unknown to its database.

If it has, the database was restored from a backup and would assign numbers, codes and messages again. The
service stays closed and checks again until `motcua reconcile` has repaired it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from shared.messaging.faults import is_transient, retry_delays
from shared.messaging.publish import published_positions
from shared.messaging.recovery import topic_audit
from shared.messaging.recovery.topic_audit import ObservedSequences, OpenTransactionError, TopicAudit
from shared.observability.logs import get_logger

log = get_logger(__name__)
Step = Callable[[], Awaitable[None]]
ASKING = "asking Kafka how far this service has published"
BEHIND = "the database is behind Kafka (set back to a backup?): see motcua reconcile --dry-run"
RECHECK_SECONDS = 2.0


class RestoreGuard:
    """Keeps a service closed until it may open. `closed`: why it is not open; None once it is."""

    def __init__(self, topics: TopicAudit) -> None:
        self._topics = topics
        self.closed: str | None = ASKING

    async def reconcile(self) -> None:
        """Return once database and Kafka agree. Waits while Kafka is unavailable."""
        delays = retry_delays(first=0.2)
        while self.closed is not None:
            try:
                database_is_behind = await is_behind(self._topics)
            except Exception as failure:
                self._log_failure(failure)
                await asyncio.sleep(next(delays))
                continue
            if not database_is_behind:
                self.closed = None
                return
            if self.closed != BEHIND:
                log.error("database.behind_kafka", service=self._topics.service)
            self.closed = BEHIND
            await asyncio.sleep(RECHECK_SECONDS)

    async def run_when_open(self, *loops: Step, first: Step | None = None) -> None:
        """Wait until it is open, await `first`, then run these concurrently."""
        await self.reconcile()
        if first is not None:
            await self._retry_until_done(first)
        await asyncio.gather(*(loop() for loop in loops))

    async def check(self) -> str | None:
        """The check for /health/ready."""
        return self.closed

    def _log_failure(self, failure: Exception) -> None:
        if isinstance(failure, OpenTransactionError):
            self.closed = f"{ASKING}: {failure}"
            log.warning("startup_check.delayed", error=type(failure).__name__)
        elif is_transient(failure):
            log.warning("startup_check.delayed", error=type(failure).__name__)
        else:
            self.closed = f"could not open: {type(failure).__name__}"
            log.exception("startup_check.failed")

    async def _retry_until_done(self, step: Step) -> None:
        for pause in retry_delays(first=0.2):
            try:
                await step()
                return
            except Exception as failure:
                self._log_failure(failure)
            await asyncio.sleep(pause)


async def is_behind(topics: TopicAudit) -> bool:
    """Whether Kafka has sequence numbers unknown to the database. Stores the positions if not."""
    observed = ObservedSequences()
    async for _ in topics.scan(observed):
        if await topic_audit.unknown_sequences(topics.pool, observed.highest):
            return True
        observed.highest.clear()
    await published_positions.save(topics.pool, observed.ends)
    return False
