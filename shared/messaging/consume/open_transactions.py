"""Transactions that a producer has left open: nothing behind the first of them is read.

Kafka aborts one when the producer's own time limit is over (`transaction.timeout.ms`, at most 15 minutes).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from shared.messaging.fetch.fenced_consumer import FencedConsumer


@dataclass(slots=True)
class OpenTransactions:
    """The partitions of one reader whose last stable offset lies before their end, and since when it stands.

    `open_since`: the stable offset and the monotonic instant of its first sight, by partition.
    """

    clock: Callable[[], float] = time.monotonic
    open_since: dict[TopicPartition, tuple[int, float]] = field(default_factory=dict)

    def observe(self, consumer: FencedConsumer) -> None:
        """Compare both ends of each assigned partition, as the last fetch told them."""
        now, assigned = self.clock(), consumer.assignment()
        for place in self.open_since.keys() - assigned:
            del self.open_since[place]
        for place in assigned:
            try:
                stable, end = consumer.last_stable_offset(place), consumer.highwater(place)
            except (AssertionError, AttributeError):  # the assignment is changing
                continue
            self._observe_ends(place, stable=stable, end=end, now=now)

    def _observe_ends(
        self, place: TopicPartition, *, stable: int | None, end: int | None, now: float
    ) -> None:
        if stable is None or end is None or stable >= end:
            self.open_since.pop(place, None)
        elif self.open_since.get(place, (-1, now))[0] != stable:
            self.open_since[place] = (stable, now)

    def hanging(self, patience: float) -> dict[str, float]:
        """The topics with a transaction open for longer than `patience` seconds, and for how many."""
        now, longest = self.clock(), dict[str, float]()
        for place, (_, since) in self.open_since.items():
            if now - since > patience:
                longest[place.topic] = max(longest.get(place.topic, 0.0), now - since)
        return longest
