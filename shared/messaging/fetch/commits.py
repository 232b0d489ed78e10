"""Offsets told to Kafka in the background: only what was handled, latest wins, now and then."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.observability.logs import get_logger

log = get_logger(__name__)
Commit = Callable[[Mapping[TopicPartition, int]], Awaitable[object]]
REST_SECONDS = 0.5
"""Nothing of ours goes by these offsets, and at rest a request would follow every single record."""


class OffsetCommitter:
    """A courtesy to Kafka's own tools: the truth about offsets is the table `consumed`."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._latest: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    def mark(self, offsets: Mapping[TopicPartition, int]) -> None:
        """These were handled; returns at once."""
        self._latest.update(offsets)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def flush(self, seconds: float = 2.0) -> None:
        """Give the last ones a moment."""
        self._ending.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)
            self._task.cancel()
        self._ending.clear()

    async def _run(self) -> None:
        while self._latest:
            offsets, self._latest = self._latest, {}
            try:
                await self._commit(offsets)
            except (KafkaError, OSError, TimeoutError) as failure:
                log.debug("offsets.commit_failed", error=type(failure).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(REST_SECONDS):
                    await self._ending.wait()
