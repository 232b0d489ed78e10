"""A gate that holds back records until every assigned partition is positioned: assignment does not."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from aiokafka import TopicPartition
from aiokafka.abc import ConsumerRebalanceListener

Seek = Callable[[Collection[TopicPartition], Callable[[], bool]], Awaitable[None]]


class RebalanceGate(ConsumerRebalanceListener):
    """Closed during a rebalance, open once all partitions are positioned. `generation` counts rebalances."""

    def __init__(self, seek: Seek) -> None:
        self.ready = False
        self.generation = 0
        self.busy = asyncio.Lock()
        self._seek = seek

    def close(self) -> None:
        """Close the gate; a waiting batch notices that it is no longer current."""
        self.ready = False
        self.generation += 1

    def is_current(self, generation: int) -> bool:
        """Whether records fetched in that generation may still be handled."""
        return self.ready and self.generation == generation

    # aiokafka awaits coroutines here, contrary to its annotations.
    async def on_partitions_revoked(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, revoked: Collection[TopicPartition]
    ) -> None:
        """Delay the rebalance until the running batch is committed or abandoned."""
        self.close()
        async with self.busy:
            return

    async def on_partitions_assigned(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, assigned: Collection[TopicPartition]
    ) -> None:
        """Position all partitions, then open the gate."""
        self.close()
        generation = self.generation
        async with self.busy:
            await self._seek(assigned, lambda: self.generation == generation)
            self.ready = self.generation == generation
