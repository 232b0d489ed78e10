"""The relay: sends the outbox to Kafka at least once, in order per key."""

import asyncio
import time
from collections.abc import Sequence

import asyncpg

from shared.messaging.faults import retry_delays
from shared.messaging.publish import wakeup
from shared.messaging.publish.published_positions import PublishedPositions
from shared.messaging.publish.sender import (
    NOTHING_SENT,
    OutboxRow,
    OutboxSender,
    SendResult,
    new_producer,
    rows_of,
)
from shared.messaging.publish.shards import ShardLocks
from shared.messaging.publish.wakeup import WakeupEvent
from shared.observability import metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)
CHUNK = 2000
POLL_SECONDS = 0.25
REBALANCE_SECONDS = 2.0
SHARD_DELAY_SECONDS = (0.5, 30.0)

# A sub-select is hashed in every plan; with a bare array a cached plan compares each row with each element.
_READ = """
SELECT position, shard, topic, key, value, headers FROM outbox
 WHERE shard = ANY($1::smallint[]) AND position NOT IN (SELECT unnest($2::bigint[]))
 ORDER BY position LIMIT $3"""

# The commit need not reach the disk: rows that a crash brings back are sent again, as duplicates.
# Waiting for the disk took five sixths of the delete after a small flush, and delayed all later events.
_DELETE = """
DELETE FROM outbox USING (SELECT set_config('synchronous_commit', 'off', true)) AS at_leisure
 WHERE position = ANY($1::bigint[])"""


class Relay:
    """Sends the outbox. `run()` survives outages of Kafka and PostgreSQL; cancel it to stop.

    `schemas_url`: where the schemas of the events are served, for their `ce_dataschema`.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        bootstrap: str,
        *,
        url: str,
        source: str,
        topic_prefix: str = "",
        schemas_url: str = "",
    ) -> None:
        self.pool, self.bootstrap, self.source = pool, bootstrap, source
        self._url, self._prefix, self._schemas_url = url, topic_prefix, schemas_url
        self._delayed_shards: dict[int, tuple[float, float]] = {}
        self._positions = PublishedPositions()
        self._full = False

    async def run(self) -> None:
        """Send committed rows until cancelled."""
        delays = retry_delays(first=0.1)
        wakeup_event = wakeup.register_relay(self.pool)
        try:
            while True:
                try:
                    await self._session(wakeup_event)
                    delays = retry_delays(first=0.1)
                except Exception as failure:
                    log.warning("relay.restarted", error=type(failure).__name__, detail=str(failure)[:200])
                await asyncio.sleep(next(delays))
        finally:
            wakeup.unregister_relay(self.pool)

    async def _session(self, wakeup_event: WakeupEvent) -> None:
        """Work with one set of locks and successive producers. Returns when the locks are lost."""
        shards = ShardLocks(self._url, wakeup_event)
        try:
            await shards.open()
            log.info("relay.started", shards=len(shards.locked_shards))
            while shards.is_connected:
                await self._with_producer(shards, wakeup_event)
        finally:
            await shards.close()

    async def _with_producer(self, shards: ShardLocks, wakeup_event: WakeupEvent) -> None:
        sender = OutboxSender(new_producer(self.bootstrap, f"motcua-{self.source}"), self._schemas_url)
        try:
            await sender.start()
            await self._work(shards, sender, wakeup_event)
        finally:
            await sender.stop()

    async def _work(self, shards: ShardLocks, sender: OutboxSender, wakeup_event: WakeupEvent) -> None:
        """Send until the locks are lost or a batch fails, which makes the producer unusable.

        Concurrently sends these rows, reads the next ones, and deletes those sent before.
        """
        rebalanced_at, sent = time.monotonic(), NOTHING_SENT
        rows = await self._read(shards, wakeup_event, [])
        while shards.is_connected and not sender.broken:
            if time.monotonic() - rebalanced_at > REBALANCE_SECONDS:
                await self._delete_sent(sent)
                await shards.rebalance()
                rows, sent = [row for row in rows if row.shard in shards.locked_shards], NOTHING_SENT
                rebalanced_at = time.monotonic()
            if not rows and not sent.acknowledged:
                await wakeup_event.wait(POLL_SECONDS)
                rows = await self._read(shards, wakeup_event, [])
                continue
            known_positions = [*sent.acknowledged, *(row.position for row in rows)]
            async with asyncio.TaskGroup() as group:
                sending = group.create_task(self._send(sender, rows))
                next_rows = group.create_task(self._read_next(shards, wakeup_event, known_positions))
                group.create_task(self._delete_sent(sent))
            sent = sending.result()
            # After a failure the rows read ahead are dropped: the table still has them, in order.
            rows = (
                next_rows.result()
                if sent.failure is None
                else await self._read(shards, wakeup_event, sent.acknowledged)
            )
        await self._delete_sent(sent)

    async def _read_next(
        self, shards: ShardLocks, wakeup_event: WakeupEvent, in_flight: Sequence[int]
    ) -> list[OutboxRow]:
        """Read the next rows if there may be any: after a full chunk, or since the last wake-up.

        Other rows (of another process, of a delayed shard) are found by polling when idle.
        """
        return await self._read(shards, wakeup_event, in_flight) if self._full or wakeup_event.is_set else []

    async def _read(
        self, shards: ShardLocks, wakeup_event: WakeupEvent, in_flight: Sequence[int]
    ) -> list[OutboxRow]:
        """The next rows of our shards. Every row of the table is unsent, so no late commit is skipped."""
        if wakeup_event.clear():
            await shards.notify_owners()
        now = time.monotonic()
        usable = [
            shard for shard in shards.locked_shards if self._delayed_shards.get(shard, (0, 0))[0] <= now
        ]
        records = await shards.query(_READ, usable, list(in_flight), CHUNK)
        self._full = len(records) == CHUNK
        return rows_of(records, self._prefix)

    async def _send(self, sender: OutboxSender, rows: Sequence[OutboxRow]) -> SendResult:
        """Send rows. The acknowledged ones are deleted later."""
        if not rows:
            return NOTHING_SENT
        with metrics.STAGE.labels("relay").time():
            sent = await sender.send(rows)
        self._delay_failed_shards(sent)
        if sent.failure is not None:
            log.warning(
                "relay.send_failed", error=type(sent.failure).__name__, shards=len(sent.failed_shards),
                topics=sorted({row.topic for row in rows if row.shard in sent.failed_shards}),
            )  # fmt: skip
        return sent

    async def _delete_sent(self, sent: SendResult) -> None:
        """Delete acknowledged rows, and store the published offsets."""
        if sent.acknowledged:
            await self.pool.execute(_DELETE, sent.acknowledged)
            prefix = len(self._prefix)
            self._positions.acknowledge({(t[prefix:], n): offset for (t, n), offset in sent.reached.items()})
            await self._positions.save_if_due(self.pool)
            for topic, count in sent.counts.items():
                metrics.SENT.labels(topic[prefix:]).inc(count)

    def _delay_failed_shards(self, sent: SendResult) -> None:
        """Delay failed shards, longer each time, so that the others go on."""
        first, maximum = SHARD_DELAY_SECONDS
        for shard in sent.failed_shards:
            pause = min(maximum, 2 * self._delayed_shards.get(shard, (0, first / 2))[1])
            self._delayed_shards[shard] = (time.monotonic() + pause, pause)
        if sent.failure is None:
            now = time.monotonic()
            self._delayed_shards = {s: rest for s, rest in self._delayed_shards.items() if rest[0] > now}
