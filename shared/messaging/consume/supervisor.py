"""Supervision of a service's readers: starts them, and restarts those that stall."""

import asyncio
from collections.abc import Callable, Sequence

from shared.messaging.consume.lag import reader_lag
from shared.messaging.consume.stall_detector import StallDetectors, StallThresholds
from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.faults import retry_delays
from shared.observability import metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)
RESTART_SECONDS = 30
REFRESH_SECONDS = 30.0
"""Seconds between two checks for new or deleted topics of parties."""


class Supervisor:
    """Observes every started reader once a second."""

    def __init__(self, thresholds: StallThresholds) -> None:
        self._stalls = StallDetectors(thresholds)
        self._readers: list[TopicReader] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._held_up: set[str] = set()

    def start(self) -> None:
        """Start the loop. It observes nothing before `watch`."""
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._refresh_party_topics())]

    def watch(self, readers: Sequence[TopicReader]) -> None:
        """Observe these started readers too."""
        self._readers += readers

    async def stop(self) -> None:
        """Stop the loop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._readers.clear()

    def problems(self, readers: Sequence[TopicReader]) -> list[str]:
        """The problems of these readers, each with its label."""
        unassigned = [f"{reader.label}: no partitions yet" for reader in readers if not reader.has_partitions]
        ended = [f"{reader.label}: its loop ended" for reader in readers if not reader.is_polling]
        return unassigned + ended + self._stalls.problems()

    def hanging_transactions(self, readers: Sequence[TopicReader]) -> dict[str, float]:
        """Topics in which a transaction stays open, so that nothing behind it is read, with its seconds."""
        hanging: dict[str, float] = {}
        for reader in readers:
            hanging |= reader.hanging_transactions(self._stalls.patience.complain)
        return hanging

    async def _run(self) -> None:
        """Observe readers independently: one that cannot be stopped must not hide the others."""
        looks: dict[str, asyncio.Task[None]] = {}
        while True:
            await asyncio.sleep(self._stalls.patience.look)
            for reader in self._readers:
                if reader.label not in looks or looks[reader.label].done():
                    looks[reader.label] = asyncio.create_task(self._look_after(reader))

    async def _look_after(self, reader: TopicReader) -> None:
        """Restart a reader whose loop ended, or that has work and makes no progress."""
        try:
            if not reader.is_polling:
                log.error("consumer.loop_ended", topic=reader.label)
                await self._restart(reader)
                return
            self._observe_transactions(reader)
            waiting = await reader_lag(reader)
            for topic, count in (waiting or {}).items():
                metrics.LAG.labels(topic).set(count)
            total = None if waiting is None else sum(waiting.values())
            is_stalled = self._stalls.observe(reader.label, total, reader.batches)
            if is_stalled and not reader.is_busy:
                log.error("consumer.stalled", topic=reader.label)
                await self._restart(reader)
        except Exception as failure:
            log.warning("supervision.failed", topic=reader.label, error=type(failure).__name__)

    def _observe_transactions(self, reader: TopicReader) -> None:
        """Note open transactions, and log a topic once when one stays open."""
        reader.observe_transactions()
        hanging = reader.hanging_transactions(self._stalls.patience.complain)
        for topic in hanging.keys() - self._held_up:
            log.warning("transaction.hanging", topic=topic, seconds=round(hanging[topic]))
        of_reader = {topic for topic in self._held_up if reader.reads(topic)}
        self._held_up = (self._held_up - of_reader) | hanging.keys()

    async def _refresh_party_topics(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            for reader in self._readers:
                try:
                    if reader.consumer is not None:
                        await reader.consumer.refresh_party_topics()
                except Exception as failure:
                    log.warning("supervision.failed", topic=reader.label, error=type(failure).__name__)

    async def _restart(self, reader: TopicReader) -> None:
        """Restart within a time limit. If a batch hangs, the next check tries again."""
        async with asyncio.timeout(RESTART_SECONDS):
            await reader.stop()
            await reader.start()
        self._stalls.reset(reader.label)


async def start_reader(reader: TopicReader, is_wanted: Callable[[], bool]) -> None:
    """Start a reader; retry while Kafka is unavailable and the reader is wanted."""
    for pause in retry_delays(first=0.2):
        if not is_wanted():
            return
        try:
            await reader.start()
            return
        except Exception as failure:
            log.warning("consumer.start_delayed", topic=reader.label, error=type(failure).__name__)
            await reader.stop()
            await asyncio.sleep(pause)
