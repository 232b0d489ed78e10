"""Commits offsets of handled records to Kafka in the background."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.observability.logs import get_logger

log = get_logger(__name__)
Commit = Callable[[Mapping[TopicPartition, int]], Awaitable[object]]
REST_SECONDS = 0.5
"""Seconds between commits: nothing depends on these offsets, and at rest each record would cost a request."""


class OffsetCommitter:
    """Commits offsets for Kafka's own tools. Services go by the table `consumed`."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._latest: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    def mark(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Note handled offsets; returns at once."""
        self._latest.update(offsets)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def flush(self, seconds: float = 2.0) -> None:
        """Commit the last offsets, within a time limit."""
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
