"""Assignment is no barrier: a gate keeps records out until every partition stands where we stopped."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener

Seek = Callable[[Collection[TopicPartition], Callable[[], bool]], Awaitable[None]]


class RebalanceGate(ConsumerRebalanceListener):
    """Shut before any partition comes or goes, open once all are sought; `generation` tells then from now."""

    def __init__(self, seek: Seek) -> None:
        self.ready = False
        self.generation = 0
        self.busy = asyncio.Lock()
        self._seek = seek

    def close(self) -> None:
        """Let nothing in; a batch that waits or sleeps notices that it is no longer ours."""
        self.ready = False
        self.generation += 1

    def is_current(self, generation: int) -> bool:
        """Whether what was taken in that generation may still be worked on."""
        return self.ready and self.generation == generation

    # aiokafka awaits coroutines here; its own annotations say otherwise.
    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, revoked: Collection[TopicPartition]
    ) -> None:
        """Hold the rebalance until the running batch is committed or given up."""
        self.close()
        async with self.busy:
            return

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, assigned: Collection[TopicPartition]
    ) -> None:
        """Seek them all, then open."""
        self.close()
        generation = self.generation
        async with self.busy:
            await self._seek(assigned, lambda: self.generation == generation)
            self.ready = self.generation == generation
